// Faults of the system that a test can have no other way. Built by faults.js, as a program and as a library.
//
//   faults CALL ERRNO -- PROGRAM ARGUMENTS...   runs a program to which Linux refuses a call: `fork` (threads are allowed), `create`
//                                               (making files and folders), `seccomp` (further filters)
//
// Preloaded (LD_PRELOAD), at each fork it looks at the environment variables of the process, which that may set meanwhile:
//
//   FAULT_STUCK=N   so many children, from then on, wait at their beginning for a lock that nobody releases
//   FAULT_DIE=N     children get signal N at their beginning
//   FAULT_DIE_WALKING=N   when they have said that the walk begins, which sets an alarm
//   FAULT_REAP=1    a thread takes the exit status of whichever child ends
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PRELOADED

#define REFUSE_IF(call, argument, mask)                                             \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4),                                  \
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + (argument) * 8), \
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, mask, 0, 1),                             \
      BPF_STMT(BPF_RET | BPF_K, deny),                                              \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

#define ANSWER(call, answer) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1), BPF_STMT(BPF_RET | BPF_K, answer)

#define LOAD_NUMBER BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static int fail(const char* what) {
  perror(what);
  return 125;
}

template <size_t N>
static bool install(sock_filter (&code)[N]) {
  const sock_fprog program{N, code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool refuse(const char* what, unsigned error) {
  const unsigned deny = SECCOMP_RET_ERRNO | error;
  if (strcmp(what, "fork") == 0) {
    sock_filter code[] = {
        LOAD_NUMBER,
        // glibc then uses clone, whose flags can be seen.
        ANSWER(__NR_clone3, SECCOMP_RET_ERRNO | ENOSYS),
#ifdef __NR_fork
        ANSWER(__NR_fork, deny),
        ANSWER(__NR_vfork, deny),
#endif
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, deny),
        ALLOW,
    };
    return install(code);
  }
  if (strcmp(what, "create") == 0) {
    sock_filter code[] = {
        LOAD_NUMBER,
#ifdef __NR_mkdir
        ANSWER(__NR_mkdir, deny),
        ANSWER(__NR_creat, deny),
#endif
        ANSWER(__NR_mkdirat, deny),
#ifdef __NR_open
        REFUSE_IF(__NR_open, 1, O_CREAT),
#endif
        REFUSE_IF(__NR_openat, 2, O_CREAT),
        ALLOW,
    };
    return install(code);
  }
  if (strcmp(what, "seccomp") == 0) {
    sock_filter code[] = {LOAD_NUMBER, ANSWER(__NR_seccomp, deny), ALLOW};
    return install(code);
  }
  errno = EINVAL;
  return false;
}

int main(int argc, char** argv) {
  if (argc < 5 || !refuse(argv[1], atoi(argv[2]))) return fail("faults");
  execvp(argv[4], argv + 4);
  return fail(argv[4]);
}

#else

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long stuck = 0;
static volatile bool reaping = false;

static void before() {
  static char last[16];
  const char* wanted = getenv("FAULT_STUCK");
  if (wanted == nullptr) wanted = "";
  if (strncmp(last, wanted, sizeof(last) - 1) != 0) {
    strncpy(last, wanted, sizeof(last) - 1);
    stuck = atol(last);
  }
  reaping = getenv("FAULT_REAP") != nullptr;
}

static void in_parent() { stuck -= stuck > 0; }

static bool child = false;

// What the service does on a signal is not for its child.
static void die(const char* name) {
  const char* wanted = getenv(name);
  if (!child || wanted == nullptr) return;
  const int number = atoi(wanted);
  signal(number, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  sigprocmask(SIG_UNBLOCK, &one, nullptr);
  raise(number);
}

static void in_child() {
  child = true;
  die("FAULT_DIE");
  if (stuck > 0) pthread_mutex_lock(&lock);
}

extern "C" __attribute__((visibility("default"))) unsigned alarm(unsigned seconds) noexcept {
  die("FAULT_DIE_WALKING");
  return reinterpret_cast<unsigned (*)(unsigned)>(dlsym(RTLD_NEXT, "alarm"))(seconds);
}

static void* reap(void*) {
  for (;; usleep(200)) {
    if (reaping) waitpid(-1, nullptr, WNOHANG);
  }
}

__attribute__((constructor)) static void begin() {
  pthread_t thread;
  pthread_mutex_lock(&lock);
  pthread_atfork(before, in_parent, in_child);
  pthread_create(&thread, nullptr, reap, nullptr);
}

#endif
