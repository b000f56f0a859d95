import CCurl
import MusterCore
import MusterRuntime

extension Transfer {
    /// Sets every option: a handle that was reset has libcurl's defaults, some of which are not ours.
    func configure(_ configuration: HTTPClientConfiguration) throws(Problem) {
        try setBounds()
        try setDestination(configuration)
        try setTrust(configuration)
        try setMethodAndBody()
        try setCallbacks()
    }

    private func setBounds() throws(Problem) {
        // Timeouts by signal cannot be in a program with threads.
        try handle.set(CURLOPT_NOSIGNAL, 1)
        // Without it, ending a call that still looks up its host stops the loop until the resolver answers.
        try handle.set(CURLOPT_QUICK_EXIT, 1)
        let connectTimeout = call.request.connectTimeout / .milliseconds(1)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, Int(connectTimeout.rounded(.up)))
        try handle.set(CURLOPT_MAXAGE_CONN, Int(HTTPPolicy.idleConnectionAge.components.seconds))
    }

    private func setDestination(_ configuration: HTTPClientConfiguration) throws(Problem) {
        // Where a call goes is decided by who makes it, not by a server's answer or by the environment.
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        try handle.set(CURLOPT_NOPROXY, "")
        try handle.set(CURLOPT_PROXY, configuration.proxy?.reveal() ?? "")
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try handle.set(CURLOPT_URL, call.request.url)
        // A path that was signed must arrive as it was signed.
        try handle.set(CURLOPT_PATH_AS_IS, 1)
        if let path = call.request.unixSocketPath { try handle.set(CURLOPT_UNIX_SOCKET_PATH, path) }
    }

    private func setTrust(_ configuration: HTTPClientConfiguration) throws(Problem) {
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        try handle.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let file = configuration.certificateAuthorities { try handle.set(CURLOPT_CAINFO, file) }
        // libcurl 7.88 cannot use a cleartext HTTP/2 connection twice.
        try handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // `HostLine` knows whether to wait for a connection that carries many calls.
        try handle.set(CURLOPT_PIPEWAIT, 0)
        try handle.set(CURLOPT_USERAGENT, configuration.userAgent)
    }

    private func setMethodAndBody() throws(Problem) {
        let request = call.request
        switch request.method {
        case .head:
            try handle.set(CURLOPT_NOBODY, 1)
        case .get, .delete:
            if let body = request.body { try handle.set(body: body) }
            try handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post, .put, .patch:
            try handle.set(body: request.body ?? [])
            try handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setCallbacks() throws(Problem) {
        try handle.collectDetail()
        try handle.set(CURLOPT_PRIVATE, self)
        try handle.set(CURLOPT_HEADERDATA, self)
        try handle.set(CURLOPT_HEADERFUNCTION, receiver: Self.receiveHeader)
        try handle.set(CURLOPT_WRITEDATA, self)
        try handle.set(CURLOPT_WRITEFUNCTION, receiver: Self.receiveBody)
        try handle.set(CURLOPT_PREREQDATA, self)
        try handle.set(sendGate: Self.admitSending)
        try handle.set(socketOpener: Self.openSocket)
    }
}
