// Runs a program under limits that Node cannot set for itself, or changes those of a running one.
//
//   limits [nofork[=ERRNO] | noseccomp | readonly] [hard] [as=BYTES] [fsize=BYTES] [nproc=N] [nofile=N] -- PROGRAM ARGUMENTS...
//   limits pid=PID [hard] [as=BYTES] [fsize=BYTES] [nproc=N] [nofile=N]
//
// `nofork` is a seccomp filter: new threads are allowed, new processes are not. `noseccomp` is one that allows no other.
// `readonly` makes every mounted file system read-only, or, where it may not do that, refuses to make files as one would.
// Limits are the soft ones, and the hard ones too after `hard`.
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char* what) {
  perror(what);
  exit(125);
}

static void install(sock_fprog program) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) fail("seccomp");
}

static void forbid_fork(unsigned error) {
  const unsigned deny = SECCOMP_RET_ERRNO | error;
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      // glibc then uses clone, whose flags can be seen.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
#ifdef __NR_fork
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_fork, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_vfork, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, deny),
#endif
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, deny),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  install(sock_fprog{sizeof(code) / sizeof(code[0]), code});
}

static void forbid_seccomp() {
  const unsigned deny = SECCOMP_RET_ERRNO | EPERM;
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_seccomp, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, deny),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  install(sock_fprog{sizeof(code) / sizeof(code[0]), code});
}

static bool mount_readonly() {
  if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
#ifdef SYS_mount_setattr
  // struct mount_attr, and MOUNT_ATTR_RDONLY, which not all headers have.
  const struct {
    uint64_t set, clear, propagation, user_namespace;
  } attributes = {1, 0, 0, 0};
  return syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof(attributes)) == 0;
#else
  return false;
#endif
}

static void forbid_making_files() {
  const unsigned deny = SECCOMP_RET_ERRNO | EROFS;
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mkdirat, 4, 0),
#ifdef __NR_mkdir
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mkdir, 3, 0),
#else
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mkdirat, 3, 0),
#endif
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + 16),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, deny),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  install(sock_fprog{sizeof(code) / sizeof(code[0]), code});
}

int main(int argc, char** argv) {
  pid_t pid = 0;
  bool hard = false;
  int at = 1;
  for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
    char* value = strchr(argv[at], '=');
    if (value == nullptr) {
      if (strcmp(argv[at], "nofork") == 0) forbid_fork(EPERM);
      else if (strcmp(argv[at], "noseccomp") == 0) forbid_seccomp();
      else if (strcmp(argv[at], "readonly") == 0) {
        if (!mount_readonly()) forbid_making_files();
      } else if (strcmp(argv[at], "hard") == 0) hard = true;
      else fail(argv[at]);
      continue;
    }
    *value++ = 0;
    if (strcmp(argv[at], "nofork") == 0) {
      forbid_fork(atoi(value));
      continue;
    }
    if (strcmp(argv[at], "pid") == 0) {
      pid = atoi(value);
      continue;
    }
    const struct {
      const char* name;
      int resource;
    } known[] = {{"as", RLIMIT_AS}, {"fsize", RLIMIT_FSIZE}, {"nproc", RLIMIT_NPROC}, {"nofile", RLIMIT_NOFILE}};
    for (auto& one : known) {
      if (strcmp(argv[at], one.name) != 0) continue;
      rlimit limit;
      if (prlimit(pid, static_cast<__rlimit_resource>(one.resource), nullptr, &limit) != 0) fail(one.name);
      limit.rlim_cur = strtoull(value, nullptr, 10);
      if (hard) limit.rlim_max = limit.rlim_cur;
      if (prlimit(pid, static_cast<__rlimit_resource>(one.resource), &limit, nullptr) != 0) fail(one.name);
    }
  }
  if (at >= argc) return 0;
  execvp(argv[at + 1], argv + at + 1);
  fail(argv[at + 1]);
}
