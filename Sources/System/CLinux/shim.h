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

// These hide behind a feature macro that a module cannot set.
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif
const char *strerrorname_np(int);

// Waits for a child and takes it out of the process table. `how` becomes CLD_EXITED, CLD_KILLED or CLD_DUMPED,
// `value` the exit code or the signal. A function because siginfo_t's members are macros.
static inline int clinux_reap(pid_t child, int *how, int *value) {
    siginfo_t info;
    int outcome;
    do {
        outcome = waitid(P_PID, (id_t)child, &info, WEXITED);
    } while (outcome < 0 && errno == EINTR);
    if (outcome < 0) return errno;
    *how = info.si_code;
    *value = info.si_status;
    return 0;
}

// Finds out which user's process connected to a unix socket; 0 when the kernel said so. A function because
// struct ucred hides behind a feature macro that a module cannot set.
static inline int clinux_peer_user(int socket, uid_t *user) {
    struct {
        pid_t process;
        uid_t user;
        gid_t group;
    } peer;
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return errno;
    if (size != sizeof peer) return EINVAL;
    *user = peer.user;
    return 0;
}
