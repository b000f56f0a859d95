import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: credentials")
struct CredentialTests {
    /// Everything that can give credentials, on one loopback server; remembers what it was asked.
    private final class Services: Sendable {
        let server: LoopbackServer

        init(status: Int = 200) throws {
            server = try LoopbackServer { request in Self.answer(request, status: status) }
        }

        static func answer(_ request: ReceivedRequest, status: Int) -> Reply {
            let json = """
                {"AccessKeyId": "ASIAMETADATA", "SecretAccessKey": "metadata-secret", "Token": "metadata-token",
                 "Expiration": "2100-01-01T00:00:00Z", "Code": "Success"}
                """
            switch (request.method, request.path) {
            case ("PUT", "/latest/api/token"): return .answer(status: status, body: Array("imds-token".utf8))
            case ("GET", "/latest/meta-data/iam/security-credentials/"):
                guard request.values("X-aws-ec2-metadata-token") == ["imds-token"] else {
                    return .answer(status: 401)
                }
                return .text("worker role\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/worker%20role"): return .text(json)
            case ("GET", "/container"):
                guard request.values("Authorization") == ["container-token"] else {
                    return .answer(status: 403)
                }
                return .text(json)
            case ("POST", "/"):
                let form = FormParameters(request.body)
                let action = form["Action"] ?? ""
                guard status == 200 else {
                    return .answer(
                        status: 403,
                        body: Array(
                            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
                                .utf8))
                }
                return .text(
                    """
                    <\(action)Response><\(action)Result><Credentials><AccessKeyId>ASIA\(form["RoleArn"] ?? "")</AccessKeyId>
                    <SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>
                    <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></\(action)Result></\(action)Response>
                    """)
            default: return .answer(status: 404)
            }
        }

        var roles: [FormParameters] {
            server.received.filter { $0.method == "POST" }.map { FormParameters($0.body) }
        }
    }

    private func fetch(
        _ services: Services, _ settings: AWSCredentialSettings = .init(), _ environment: [String: String]
    ) async throws -> AWSCredentials {
        let client = try HTTPClient()
        let clock = ManualClock()
        let service = SecurityTokenService(
            client: client, clock: clock,
            places: [.init(region: "us-east-1", endpoint: services.server.url())])
        var environment = environment
        environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = services.server.url()
        return try await AWSCredentialChain(settings, environment: environment, tokenService: service).fetch()
    }

    private func file(_ folder: TemporaryFolder, _ name: String, _ text: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        try OwnedDescriptor.open(path, 0o101, mode: 0o600).writeAll(text.utf8)
        return path
    }

    @Test("The environment comes first")
    func environment() async throws {
        let services = try Services()
        let found = try await fetch(
            services, .init(),
            ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "s1", "AWS_SESSION_TOKEN": "t1"])
        #expect(found.accessKeyID == "AKIA1")
        #expect(found.secretAccessKey.reveal() == "s1" && found.sessionToken?.reveal() == "t1")
        #expect(services.server.received.isEmpty)
        await #expect(throws: Problem.self) {
            try await fetch(services, .init(), ["AWS_ACCESS_KEY_ID": "AKIA1"])
        }
    }

    @Test("Profiles of the shared files, with roles from profile to profile")
    func profiles() async throws {
        let services = try Services()
        let folder = try TemporaryFolder()
        let environment = [
            "AWS_SHARED_CREDENTIALS_FILE": try file(
                folder, "credentials",
                """
                # keys
                [default]
                aws_access_key_id = AKIADEFAULT
                aws_secret_access_key=default-secret   # of the default profile
                [base]
                aws_access_key_id=AKIABASE
                aws_secret_access_key=base/secret+with=signs
                """),
            "AWS_CONFIG_FILE": try file(
                folder, "config",
                """
                [default]
                region = us-east-1
                s3 =
                    aws_access_key_id = nested
                [profile middle]
                role_arn = arn:aws:iam::1:role/middle
                source_profile = base
                external_id = x-1
                [profile top]
                role_arn = arn:aws:iam::1:role/top
                source_profile = middle
                role_session_name = nightly
                [profile process]
                credential_process = /bin/echo secret
                [profile loop]
                role_arn = arn:aws:iam::1:role/loop
                source_profile = pool
                [profile pool]
                role_arn = arn:aws:iam::1:role/pool
                source_profile = loop
                [profile own]
                role_arn = arn:aws:iam::1:role/own
                source_profile = own
                aws_access_key_id = AKIAOWN
                aws_secret_access_key = own-secret
                """),
        ]
        #expect(try await fetch(services, .init(), environment).secretAccessKey.reveal() == "default-secret")
        let base = try await fetch(services, .init(profile: "base"), environment)
        #expect(base.secretAccessKey.reveal() == "base/secret+with=signs")
        let top = try await fetch(services, .init(profile: "top"), environment)
        #expect(
            top.accessKeyID == "ASIAarn:aws:iam::1:role/top" && top.sessionToken?.reveal() == "role-token")
        #expect(top.expiresAt == Timestamp("2100-01-01T00:00:00Z"))
        #expect(services.roles.map { $0["RoleArn"]?.split(separator: "/").last } == ["middle", "top"])
        #expect(services.roles.map { $0["ExternalId"] } == ["x-1", nil])
        #expect(services.roles.map { $0["RoleSessionName"] } == ["muster", "nightly"])
        let own = try await fetch(services, .init(profile: "own"), environment)
        #expect(own.accessKeyID == "ASIAarn:aws:iam::1:role/own")
        for (profile, words) in [
            ("process", "credential_process"), ("loop", "in a circle"), ("absent", "no profile absent"),
        ] {
            do {
                _ = try await fetch(services, .init(profile: profile), environment)
                Issue.record("\(profile) gave credentials")
            } catch let problem as Problem {
                #expect(problem.message.contains(words), "\(problem.message)")
            }
        }
    }

    @Test("A web identity takes on its role, unsigned, with the token that the file has now")
    func webIdentity() async throws {
        let services = try Services()
        let folder = try TemporaryFolder()
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": try file(folder, "token", "web-token\n"),
            "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
        ]
        let found = try await fetch(services, .init(), environment)
        #expect(found.accessKeyID == "ASIAarn:aws:iam::1:role/web")
        #expect(services.roles.map { $0["WebIdentityToken"] } == ["web-token"])
        #expect(services.server.received.allSatisfy { $0.values("Authorization").isEmpty })
    }

    @Test("A container's service is asked with its token")
    func container() async throws {
        let services = try Services()
        let folder = try TemporaryFolder()
        let found = try await fetch(
            services, .init(),
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": services.server.url("/container"),
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": try file(folder, "token", "container-token\n"),
            ])
        #expect(found.accessKeyID == "ASIAMETADATA" && found.sessionToken?.reveal() == "metadata-token")
        // A token must not go to just any host in the clear, whatever its name looks like.
        for (name, value) in [
            ("FULL", "http://example.org/container"), ("FULL", "http://127.0.0.1.example.org/"),
            ("FULL", "http://127.evil/"), ("RELATIVE", ".example.org/container"),
            ("RELATIVE", "@example.org/"),
        ] {
            do {
                _ = try await fetch(services, .init(), ["AWS_CONTAINER_CREDENTIALS_\(name)_URI": value])
                Issue.record("\(value) was asked")
            } catch let problem as Problem {
                #expect(
                    problem.message.contains("AWS_CONTAINER_CREDENTIALS_\(name)_URI"), "\(problem.message)")
            }
        }
    }

    @Test("The instance's metadata are asked by version 2 alone")
    func instance() async throws {
        let services = try Services()
        let found = try await fetch(services, .init(), [:])
        #expect(found.accessKeyID == "ASIAMETADATA" && found.expiresAt == Timestamp("2100-01-01T00:00:00Z"))
        #expect(services.server.received.map(\.method) == ["PUT", "GET", "GET"])
        let refusing = try Services(status: 403)
        await #expect(throws: Problem.self) { try await fetch(refusing, .init(), [:]) }
        #expect(refusing.server.received.map(\.method) == ["PUT"], "no version 1")
    }

    @Test("A role is taken on with what was found, signed")
    func role() async throws {
        let services = try Services()
        let role = AWSCredentialSettings.Role(arn: "arn:aws:iam::1:role/muster", externalID: "e")
        let found = try await fetch(
            services, .init(role: role), ["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "s1"])
        #expect(found.accessKeyID == "ASIAarn:aws:iam::1:role/muster")
        let authorization = try #require(services.server.received.first?.values("Authorization").first)
        #expect(authorization.contains("Credential=AKIA1/") && authorization.contains("/us-east-1/sts/"))
    }

    @Test("No secret is in a problem, whatever a service answers")
    func problems() async throws {
        let services = try Services(status: 500)
        let folder = try TemporaryFolder()
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": try file(folder, "token", "web-token"),
            "AWS_ROLE_ARN": "arn:aws:iam::1:role/web",
        ]
        do {
            _ = try await fetch(services, .init(), environment)
            Issue.record("there were credentials")
        } catch let problem as Problem {
            #expect(problem.message.contains("AccessDenied"))
            #expect(!"\(problem)".contains("web-token"))
        }
        let response = HTTPResponse(
            status: 200, headers: [], body: Array("{\"SecretAccessKey\": \"leak\", ".utf8))
        do {
            _ = try MetadataAnswer.credentials(response, origin: "a test")
        } catch {
            #expect(!"\(error)".contains("leak"))
        }
    }

    @Test("Where there is nothing, it says where it has looked")
    func nothing() async throws {
        let client = try HTTPClient()
        let service = SecurityTokenService(
            client: client, clock: ManualClock(),
            places: [.init(region: "us-east-1", endpoint: "http://127.0.0.1:1/")])
        let chain = AWSCredentialChain(
            .init(), environment: ["AWS_EC2_METADATA_DISABLED": "true"], tokenService: service)
        do {
            _ = try await chain.fetch()
            Issue.record("there were credentials")
        } catch {
            #expect(error.code == .unavailable && error.message.contains("shared files"))
        }
    }
}
