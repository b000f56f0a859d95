import Glibc
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Google credentials") struct GoogleCredentialsTests {
    private let realm = Realm(id: "fake-project")

    @Test("a service account's key gets a token whose assertion holds") func key() async throws {
        let scene = try GoogleScene()
        _ = try await scene.provider.list(realm)
        #expect(scene.fake.calls["token"] == 1)
    }

    @Test("many who need a token at once share one") func shared() async throws {
        let scene = try GoogleScene()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await scene.provider.list(self.realm) } }
            try await group.waitForAll()
        }
        #expect(scene.fake.calls["token"] == 1)
        #expect(scene.fake.calls["list instances"] == 20)
    }

    @Test("a token is fetched anew before it ends") func refreshed() async throws {
        let clock = ManualClock()
        let scene = try GoogleScene(clock: clock)
        _ = try await scene.provider.list(realm)
        clock.advance(by: .seconds(3_600 - 4 * 60 - 1))
        _ = try await scene.provider.list(realm)
        #expect(scene.fake.calls["token"] == 1)
        clock.advance(by: .seconds(2))
        _ = try await scene.provider.list(realm)
        // Three lists, and the second token, which is fetched beside the last of them.
        try await scene.fake.answers.reach(5)
        #expect(scene.fake.calls["token"] == 2)
    }

    @Test("the metadata server's token is taken, and nobody else's") func metadata() async throws {
        let fake = try FakeGoogle(clock: SystemClock())
        let scene = try GoogleScene {
            $0.endpoints = fake.endpoints
            $0.credentials = .metadataServer
        }
        _ = try await scene.provider.list(realm)
        #expect(fake.server.received.first?.values("Metadata-Flavor") == ["Google"])

        let stranger = try LoopbackServer { _ in .text(#"{"access_token":"a","expires_in":60}"#) }
        let deceived = try GoogleScene {
            $0.credentials = .metadataServer
            $0.endpoints.metadata = stranger.url("")
        }
        let error = await #expect(throws: CloudError.self) { try await deceived.provider.list(self.realm) }
        #expect(error?.kind == .auth)
        #expect(error?.message.contains("no metadata server") == true)
    }

    @Test(
        "another issuer's token is exchanged, with and without a service account to stand for",
        arguments: [false, true], [false, true])
    func federation(impersonates: Bool, inFile: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/token"
        if inFile {
            try OwnedDescriptor.open(path, O_WRONLY | O_CREAT, mode: 0o600).writeAll(
                (FakeGoogle.subjectToken + "\n").utf8)
        }
        let fake = try FakeGoogle(clock: SystemClock())
        let scene = try GoogleScene {
            $0.endpoints = fake.endpoints
            $0.credentials = FakeGoogle.credentials(
                fake.federationFile(subjectTokenFile: inFile ? path : nil, impersonates: impersonates))
        }
        _ = try await scene.provider.list(realm)
        let paths = fake.server.received.map(\.path)
        #expect(paths.contains("/subject") == !inFile)
        #expect(paths.contains { $0.hasPrefix("/impersonate/") } == impersonates)
    }

    @Test("the file is read anew for each token, and one that is of no use is told of") func rotated()
        async throws
    {
        let clock = HastyClock()
        let fake = try FakeGoogle(clock: clock)
        let file = Locked<[UInt8]>(Array("{}".utf8))
        let scene = try GoogleScene(clock: clock) {
            $0.endpoints = fake.endpoints
            $0.credentials = .file { () throws(Problem) in Secret(file.withLock { $0 }) }
        }
        let error = await #expect(throws: CloudError.self) { try await scene.provider.list(self.realm) }
        #expect(error?.kind == .auth)
        #expect(error?.message.contains("its member type must say") == true)
        file.withLock { $0 = fake.keyFile }
        clock.advance(by: .seconds(60))
        _ = try await scene.provider.list(realm)
        #expect(fake.calls["token"] == 1)
    }

    @Test("tokens are had where the settings say, whatever the file does", arguments: [false, true])
    func redirected(isFederation: Bool) async throws {
        let fake = try FakeGoogle(clock: SystemClock())
        let subject = fake.server.url("/subject")
        let file =
            isFederation ? fake.federationFile(impersonates: true) : fake.keyFile
        // Where the file says is out of reach.
        let text = String(decoding: file, as: UTF8.self)
            .replacing(fake.server.url("/token"), with: "https://oauth2.googleapis.com/token")
            .replacing(fake.server.url("/sts"), with: "https://sts.googleapis.com/v1/token")
            .replacing(fake.server.url("/impersonate"), with: "https://iamcredentials.googleapis.com/v1")
        #expect(text.contains(subject) == isFederation && text.contains("googleapis.com/"))
        let scene = try GoogleScene {
            $0.endpoints = fake.endpoints
            $0.endpoints.token = fake.server.url(isFederation ? "/sts" : "/token")
            $0.endpoints.impersonation = fake.server.url("/impersonate/worker:generateAccessToken")
            $0.credentials = FakeGoogle.credentials(Array(text.utf8))
        }
        _ = try await scene.provider.list(realm)
        #expect(fake.calls["list instances"] == 1)
    }

    @Test("a withdrawn token is an error of authorization, and says nothing of itself") func withdrawn()
        async throws
    {
        let scene = try GoogleScene()
        scene.fake.change { $0.withdrawnTokens = true }
        let error = await #expect(throws: CloudError.self) { try await scene.provider.list(self.realm) }
        #expect(error?.kind == .auth)
        #expect(error?.description.contains("ya29") == false)
    }

    @Test("an assertion that does not hold gets no token, and no secret is told") func refused() async throws
    {
        // An hour off: the assertion's times do not hold.
        let clock = ManualClock()
        let fake = try FakeGoogle(clock: SystemClock())
        let scene = try GoogleScene(clock: clock) {
            $0.endpoints = fake.endpoints
            $0.credentials = FakeGoogle.credentials(fake.keyFile)
        }
        let error = await #expect(throws: CloudError.self) { try await scene.provider.list(self.realm) }
        #expect(error?.kind == .auth)
        #expect(error?.message.contains("invalid_grant") == true)
        for secret in ["PRIVATE", "assertion", "eyJ"] {
            #expect(error?.description.contains(secret) == false)
        }
    }

    @Test(
        "a token endpoint that answers something else is no token",
        arguments: [
            "", "{}", "[]", #"{"access_token":"","expires_in":60}"#,
            #"{"access_token":"a b","expires_in":60}"#,
            #"{"access_token":"a\r\nX: y","expires_in":60}"#, #"{"access_token":"a","expires_in":0}"#,
            #"{"access_token":"a","expires_in":"soon"}"#, #"{"access_token":"a"}"#,
        ])
    func strange(_ answer: String) async throws {
        let server = try LoopbackServer { _ in
            .answer(headers: [("Metadata-Flavor", "Google")], body: Array(answer.utf8))
        }
        let scene = try GoogleScene {
            $0.credentials = .metadataServer
            $0.endpoints.metadata = server.url("")
        }
        let error = await #expect(throws: CloudError.self) { try await scene.provider.list(self.realm) }
        #expect(error?.cloudCode == "answer-unexpected")
    }

    @Test(
        "files that are none are refused without a word of what is in them",
        arguments: [
            "", "{", "[]", "{}", #"{"type":"authorized_user","client_secret":"HUSH"}"#,
            #"{"type":"service_account","client_email":"a@b","token_uri":"https://x/","private_key":"HUSH"}"#,
            #"{"type":"service_account","client_email":"a@b","token_uri":"http://x/","private_key":"HUSH"}"#,
            #"{"type":"service_account","client_email":"a@b","token_uri":"file:///HUSH","private_key":"HUSH"}"#,
            #"{"type":"service_account","token_uri":"https://x/","private_key":"HUSH"}"#,
            #"{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"https://x/","#
                + #""credential_source":{"executable":{"command":"HUSH"}}}"#,
            #"{"type":"external_account","audience":"a","subject_token_type":"t","token_url":"http://x/","#
                + #""credential_source":{"file":"HUSH"}}"#,
        ])
    func files(_ text: String) {
        let problem = #expect(throws: Problem.self) { try GoogleCredentialsFile(Array(text.utf8)) }
        #expect(problem?.description.contains("HUSH") == false)
    }

    @Test("what holds secrets shows none") func shown() throws {
        let fake = try FakeGoogle(clock: SystemClock())
        for file in [fake.keyFile, fake.federationFile(impersonates: true)] {
            let credentials = try GoogleCredentialsFile(file)
            var text = "\(credentials)"
            dump(credentials, to: &text)
            #expect(!text.contains("PRIVATE KEY") && !text.contains("MII") && !text.contains("yes"))
        }
    }
}
