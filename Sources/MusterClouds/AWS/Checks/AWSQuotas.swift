import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime

/// Reads the quotas that launches come up against, where the account lets Muster read them.
struct AWSQuotas: Sendable {
    let configuration: AWSConfiguration
    let credentials: ExpiringValue<AWSCredentials>
    let client: HTTPClient
    let clock: any WallClock

    private struct Answer: Decodable {
        struct Quota: Decodable {
            var value: Double

            private enum CodingKeys: String, CodingKey { case value = "Value" }
        }

        var quota: Quota

        private enum CodingKeys: String, CodingKey { case quota = "Quota" }
    }

    /// The quotas for instances of the common types ("Amazon EC2 instance type quotas").
    private static let codes = [("L-1216C47A", "on-demand"), ("L-34B43A08", "spot")]

    /// What the quotas of a region are.
    func findings(in region: String) async -> [ProviderFinding] {
        var findings: [ProviderFinding] = []
        for (code, market) in Self.codes {
            let name = "quota \(market) \(region)"
            do throws(Problem) {
                let value = try await read(code, in: region)
                let verdict: ProviderFinding.Verdict = value < 1 ? .warning : .good
                findings.append(
                    ProviderFinding(
                        name, verdict, "\(Int(value)) vCPUs of standard \(market) instances at once",
                        remedy: verdict == .good ? nil : "ask AWS for more: quota \(code) of the service ec2")
                )
            } catch {
                findings.append(ProviderFinding(name, .skipped, error.message))
            }
        }
        return findings
    }

    private func read(_ code: String, in region: String) async throws(Problem) -> Double {
        let url = configuration.quotas(region)
        let address = try AWSEndpoint(url)
        let body = Array("{\"QuotaCode\":\"\(code)\",\"ServiceCode\":\"ec2\"}".utf8)
        let signer = RequestSigner(
            credentials: try await credentials.current(), region: region, service: "servicequotas")
        let headers = signer.headers(
            host: address.host, path: address.path, body: body, contentType: "application/x-amz-json-1.1",
            target: "ServiceQuotasV20190624.GetServiceQuota", at: clock.now())
        let response = try await client.send(
            HTTPRequest(
                .post, url, headers: headers, body: body, timeout: CloudPolicy.tokenServiceTimeout,
                bodyLimit: CloudPolicy.largestCredentialsFile))
        guard response.status == 200 else {
            throw Problem(
                .unavailable,
                "cannot be read (status \(response.status)); permit servicequotas:GetServiceQuota")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(response.body)) else {
            throw Problem(.answerUnexpected, "the answer of Service Quotas cannot be read")
        }
        return min(max(answer.quota.value, 0), 1e9)
    }
}
