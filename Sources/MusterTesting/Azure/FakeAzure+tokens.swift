import MusterCore
import MusterCrypto
import MusterRuntime

extension FakeAzure {
    /// The directory, and the endpoints of managed identities.
    func token(_ question: AzureQuestion) -> AzureAnswer {
        state.withLock { state in
            state.counts["token", default: 0] += 1
            if question.path.hasPrefix("/metadata") {
                guard question.headers["metadata"] == "true" else {
                    return Self.refusal(400, "invalid_request")
                }
                guard question.query["resource"] == base(question) else {
                    return Self.refusal(400, "invalid_resource")
                }
                return give(&state, isManaged: true)
            }
            if question.path == "/identity" {
                guard question.headers["x-identity-header"] == state.settings.identityHeader else {
                    return Self.refusal(401, "unauthorized")
                }
                return give(&state, isManaged: true)
            }
            return directory(question, &state)
        }
    }

    private func directory(_ question: AzureQuestion, _ state: inout State) -> AzureAnswer {
        let form = AzureQuestion.form(String(decoding: question.body, as: UTF8.self))
        guard question.path == "/\(Self.tenant)/oauth2/v2.0/token",
            form["grant_type"] == "client_credentials",
            form["client_id"] == Self.client, form["scope"] == "\(base(question))/.default"
        else { return Self.refusal(400, "invalid_request", 900_023) }
        if let secret = form["client_secret"] {
            guard secret == state.settings.secret else {
                return Self.refusal(401, "invalid_client", 7_000_215)
            }
            return give(&state, isManaged: false)
        }
        let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        guard form["client_assertion_type"] == type, let assertion = form["client_assertion"] else {
            return Self.refusal(400, "invalid_request", 7_000_216)
        }
        guard assertion == state.settings.federatedToken || isSigned(assertion, question, state) else {
            return Self.refusal(401, "invalid_client", 700_027)
        }
        return give(&state, isManaged: false)
    }

    /// Whether the key of the certificate that it names has signed an assertion, for this endpoint and now.
    private func isSigned(_ assertion: String, _ question: AzureQuestion, _ state: State) -> Bool {
        let parts = assertion.split(separator: ".").map(String.init)
        guard parts.count == 3, let pem = state.settings.certificate,
            let certificate = try? Certificate(pem: pem),
            let key = try? certificate.rsaKey(), let signature = Base64URL.bytes(parts[2]),
            key.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8), hash: .sha256),
            let head = Base64URL.bytes(parts[0]).flatMap({ try? JSON.document($0) }),
            let claims = Base64URL.bytes(parts[1]).flatMap({ try? JSON.document($0) })
        else { return false }
        guard case .integer(let end)? = claims["exp"]?.value, case .integer(let start)? = claims["nbf"]?.value
        else {
            return false
        }
        let now = clock.now().milliseconds / 1_000
        return text(head["x5t#S256"]) == Base64URL.text(certificate.thumbprintSHA256)
            && text(head["alg"]) == "RS256"
            && text(claims["aud"]) == "\(base(question))/\(Self.tenant)/oauth2/v2.0/token"
            && text(claims["iss"]) == Self.client && text(claims["sub"]) == Self.client
            && start <= now && now < end && text(claims["jti"]) != nil
    }

    private func base(_ question: AzureQuestion) -> String { "http://\(question.headers["host"] ?? "")" }

    private func give(_ state: inout State, isManaged: Bool) -> AzureAnswer {
        state.serial += 1
        let token = "fake-token-\(state.serial)"
        let life = state.settings.tokenLife
        let end = clock.now() + .seconds(life)
        state.tokens[token] = end
        let words: Document =
            isManaged
            ? .object([
                "access_token": .string(token), "expires_in": .string("\(life)"),
                "expires_on": .string("\(end.milliseconds / 1_000)"), "token_type": .string("Bearer"),
            ])
            : .object([
                "access_token": .string(token), "expires_in": .integer(life),
                "ext_expires_in": .integer(life),
                "token_type": .string("Bearer"),
            ])
        return AzureAnswer(200, words)
    }

    private static func refusal(_ status: Int, _ error: String, _ code: Int = 0) -> AzureAnswer {
        AzureAnswer(
            status,
            .object([
                "error": .string(error), "error_codes": Document(.array([.integer(code)])),
                "error_description": .string("AADSTS\(code): what was sent is quoted here: a-client-secret"),
            ]))
    }
}
