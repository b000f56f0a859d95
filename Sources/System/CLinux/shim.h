// What Linux offers beyond the Glibc module: epoll, eventfd, pidfd, flock, prctl, spawning.
#pragma once
// No feature macro is defined here: with one, fd_set would differ from the Glibc module's and neither could
// be imported beside the other.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// posix_spawn_file_actions_addclosefrom_np hides behind a feature macro that a module cannot set.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
