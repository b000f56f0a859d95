// libmicrohttpd: its variadic functions, one plain function for each use.
#pragma once
#include <microhttpd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

// What a daemon is started with. Must stay where it is until the daemon has stopped, because each line
// that the library logs is passed through it.
struct muster_daemon_settings {
    void *context;
    MHD_AccessHandlerCallback request;
    void *(*target)(void *context, const char *raw_target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    void (*log)(void *context, const char *line);
    int listening_socket;
    unsigned int idle_seconds;
    unsigned int connection_limit;
    size_t connection_memory;
};

static inline void muster_daemon_log(void *settings, const char *format, va_list arguments) {
    const struct muster_daemon_settings *daemon = (const struct muster_daemon_settings *)settings;
    char line[512];
    vsnprintf(line, sizeof line, format, arguments);
    daemon->log(daemon->context, line);
}

// Starts one epoll thread that serves the listening socket; NULL when that is impossible. The socket
// belongs to the library from then on, whatever becomes of the call.
static inline struct MHD_Daemon *muster_daemon_start(struct muster_daemon_settings *settings) {
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)muster_daemon_log, settings},
        {MHD_OPTION_LISTEN_SOCKET, settings->listening_socket, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)settings->completed, settings->context},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)settings->connection, settings->context},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)settings->target, settings->context},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)settings->idle_seconds, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)settings->connection_limit, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)settings->connection_memory, NULL},
#if MHD_VERSION >= 0x01000000
        // Refuses bare line feeds, folded headers and blanks in targets. What older versions do for
        // their like of this option is no more than to drop the connection for the last of the three.
        {MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL},
#endif
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        settings->request, settings->context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static inline int muster_connection_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *muster_connection_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

// What the connection callback stored when the connection was opened.
static inline void *muster_connection_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

// The bytes of the request line and the headers, known once the headers have been read.
static inline size_t muster_connection_header_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}
