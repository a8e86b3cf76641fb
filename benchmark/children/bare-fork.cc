// A fork() with nothing around it, as the yardstick of a forked snapshot: what the kernel needs to copy the page table.
//
// Node-API, for benchmark/children/pause.js alone. The child touches no V8 and no lock: it sleeps, as a snapshot keeps it alive,
// and ends.

#include <node_api.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

namespace {

napi_value Number(napi_env env, double value) {
  napi_value number = nullptr;
  napi_create_double(env, value, &number);
  return number;
}

// V8 keeps its heap from children (MADV_DONTFORK, "dc" in the flags): without it the child would be a smaller process.
napi_value Lend(napi_env env, napi_callback_info) {
  std::ifstream smaps("/proc/self/smaps");
  std::string line;
  uintptr_t begin = 0, end = 0;
  double bytes = 0;
  while (std::getline(smaps, line)) {
    if (line.rfind("VmFlags:", 0) == 0) {
      std::istringstream flags(line.substr(8));
      for (std::string flag; flags >> flag;) {
        if (flag == "dc" && madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DOFORK) == 0) bytes += end - begin;
      }
      continue;
    }
    char dash = 0;
    uintptr_t from = 0, to = 0;
    std::istringstream range(line);
    if (range >> std::hex >> from >> dash >> to && dash == '-') {
      begin = from;
      end = to;
    }
  }
  return Number(env, bytes);
}

// fork(milliseconds that the child lives): its pid, or -1.
napi_value Fork(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  uint32_t milliseconds = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_uint32(env, argument, &milliseconds);
  pid_t pid = fork();
  if (pid == 0) {
    usleep(milliseconds * 1000);
    _exit(0);
  }
  return Number(env, pid);
}

napi_value Reap(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  int32_t pid = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &pid);
  return Number(env, pid > 0 ? waitpid(pid, nullptr, 0) : -1);
}

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"lend", nullptr, Lend, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"fork", nullptr, Fork, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"reap", nullptr, Reap, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, 3, functions);
  return exports;
}
