import MusterCore
import MusterRuntime

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: AWSCredentialSource {
    let environment: [String: String]

    func fetch() async throws(Problem) -> AWSCredentials? {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (nil, nil): return nil
        case (let id?, let key?):
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: Secret(key),
                sessionToken: value("AWS_SESSION_TOKEN").map { Secret($0) }, origin: "the environment")
        default:
            throw Problem(
                .unavailable,
                "the environment has one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; set both or neither")
        }
    }
}
