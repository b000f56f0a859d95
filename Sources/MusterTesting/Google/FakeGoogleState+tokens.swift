import MusterCore

extension FakeGoogleState {
    /// Gives tokens to who shows what is asked for.
    mutating func tokens(_ request: FakeGoogleRequest, base: String, at now: Timestamp) -> FakeGoogleOutcome {
        let desk = FakeGoogleTokenDesk(tokenAddress: base + "/token", now: now)
        let denied = FakeGoogleOutcome(
            (400, ["error": "invalid_grant", "error_description": "it does not hold"]))
        switch (request.method, request.path.first ?? "") {
        case ("POST", "token"):
            guard desk.accepts(assertionIn: request.form) else { return denied }
            return granted()
        case ("GET", "computeMetadata"):
            guard request.headers["metadata-flavor"] == "Google" else {
                return FakeGoogleOutcome((403, ["error": "the header Metadata-Flavor is missing"]))
            }
            var outcome = granted()
            outcome.headers = [("Metadata-Flavor", "Google")]
            return outcome
        case ("GET", "certs"):
            let key: GoogleJSON = [
                "kty": "RSA", "alg": "RS256", "use": "sig", "kid": .text(FakeGoogleKey.id), "e": "AQAB",
                "n": .text(FakeGoogleKey.modulus),
            ]
            return FakeGoogleOutcome((200, ["keys": [key]]))
        case ("GET", "subject"):
            guard request.headers["x-cluster"] == "yes" else { return denied }
            return FakeGoogleOutcome((200, ["value": .text(FakeGoogleTokenDesk.subject)]))
        case ("POST", "sts"):
            guard desk.accepts(exchangeIn: request.form) else { return denied }
            return granted()
        case ("POST", "impersonate"):
            guard let token = request.token, tokens.contains(token),
                request.document?.googleText("lifetime") != nil
            else {
                return FakeGoogleOutcome(FakeGoogleError.answer(403, "forbidden", "may not be impersonated"))
            }
            let end = now + .seconds(settings.tokenLifetime)
            return FakeGoogleOutcome(
                (200, ["accessToken": .text(newToken()), "expireTime": .text("\(end)")]))
        default: return FakeGoogleOutcome(FakeGoogleError.notFound(request.path.joined(separator: "/")))
        }
    }

    private mutating func granted() -> FakeGoogleOutcome {
        calls["token", default: 0] += 1
        return FakeGoogleOutcome(
            (
                200,
                [
                    "access_token": .text(newToken()), "expires_in": .number(settings.tokenLifetime),
                    "token_type": "Bearer",
                ]
            ))
    }

    private mutating func newToken() -> String {
        let token = "ya29.fake-\(newNumber())"
        tokens.insert(token)
        return token
    }
}
