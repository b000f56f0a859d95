import MusterCore
import MusterHTTP
import MusterRuntime

extension GoogleProvider {
    /// Tries its credentials, the clock, the project, its permissions and how much of its quotas is used.
    public func check() async -> [ProviderFinding] {
        var findings: [ProviderFinding] = []
        switch await project() {
        case .failure(let error):
            findings.append(
                ProviderFinding(
                    "credentials", .bad, error.message, remedy: error.remedy(configuration.project)))
            return findings
        case .success(let (project, response)):
            findings.append(ProviderFinding("credentials", .good, "Google takes them"))
            findings.append(clockFinding(response))
            findings.append(projectFinding(project))
        }
        findings.append(await permissionFinding())
        findings += await quotaFindings()
        return findings
    }

    private func project() async -> Result<(GoogleProject, HTTPResponse), CloudError> {
        let call = GoogleCall(
            method: .get, address: api.compute(""), query: [(name: "fields", value: "name,quotas")],
            kind: .read,
            region: "global")
        do {
            let (project, response) = try await api.answer(call, as: GoogleProject.self)
            return .success((project, response))
        } catch {
            return .failure(error.error(GoogleErrorPlace(window: api.window)))
        }
    }

    private func clockFinding(_ response: HTTPResponse) -> ProviderFinding {
        guard let then = response.header("Date").flatMap(RetryAfter.moment) else {
            return ProviderFinding("clock", .skipped, "Google's answer has no date")
        }
        let apart = clock.now() - then
        let seconds = abs(apart.milliseconds / 1_000)
        let message = "this machine's clock and Google's are \(seconds) s apart"
        let remedy = "Let the machine's clock be set by a time service."
        switch Duration.seconds(seconds) {
        case ...GooglePolicy.clockWarning: return ProviderFinding("clock", .good, message)
        case ...GooglePolicy.clockBound: return ProviderFinding("clock", .warning, message, remedy: remedy)
        default: return ProviderFinding("clock", .bad, message, remedy: remedy)
        }
    }

    private func projectFinding(_ project: GoogleProject) -> ProviderFinding {
        quotaFinding("project", project.quotas ?? [], place: "project \(configuration.project)")
    }

    private func permissionFinding() async -> ProviderFinding {
        var body = GoogleResource()
        body["permissions"] = Document(.array(GooglePermission.all.map { Document(.string($0.name)) }))
        let call = GoogleCall(
            method: .post, address: api.projectQuestion("testIamPermissions"),
            body: Array(body.document.canonicalJSON.utf8), kind: .read, region: "global")
        do {
            let granted = try await api.value(call, as: GooglePermissions.self)
            return GooglePermission.finding(granted: Set(granted.permissions ?? []))
        } catch {
            let error = error.error(GoogleErrorPlace(window: api.window))
            return ProviderFinding(
                "permissions", .skipped, "could not be asked: \(error.message)",
                remedy: "Enable the Cloud Resource Manager API in the project.")
        }
    }

    /// Quotas of all regions by one call.
    private func quotaFindings() async -> [ProviderFinding] {
        do {
            let regions = try await api.pages(
                api.compute("regions"), region: "global",
                query: [(name: "fields", value: "nextPageToken,items(name,quotas)")],
                of: GoogleRegionPage.self
            ).flatMap { $0.items ?? [] }
            let used = regions.filter { region in
                (region.quotas ?? []).contains { $0.metric == "INSTANCES" && $0.usage > 0 }
            }
            return used.map { quotaFinding("quota", $0.quotas ?? [], place: $0.name) }
        } catch {
            let error = error.error(GoogleErrorPlace(window: api.window))
            return [ProviderFinding("quota", .skipped, "could not be read: \(error.message)")]
        }
    }

    private func quotaFinding(_ name: String, _ quotas: [GoogleRegion.Quota], place: String)
        -> ProviderFinding
    {
        let scarce = quotas.filter { $0.limit > 0 && $0.usage / $0.limit >= GooglePolicy.quotaWarning }
        guard !scarce.isEmpty else {
            return ProviderFinding(name, .good, "\(place): no quota is nearly used up")
        }
        let words = scarce.map { "\($0.metric) \(Int($0.usage)) of \(Int($0.limit))" }
        return ProviderFinding(
            name, .warning, "\(place): \(words.joined(separator: ", "))",
            remedy: "Ask Google for more of it, or lower the pools' maxCapacity.")
    }
}

/// A project as Compute Engine shows it.
struct GoogleProject: Decodable, Sendable {
    var name: String
    var quotas: [GoogleRegion.Quota]?
}

/// A region and what may be used there.
struct GoogleRegion: Decodable, Sendable {
    var name: String
    var zones: [String]?
    var quotas: [Quota]?

    struct Quota: Decodable, Sendable {
        var metric: String
        var limit: Double
        var usage: Double
    }
}

private struct GoogleRegionPage: GooglePage {
    var items: [GoogleRegion]?
    var nextPageToken: String?
}

private struct GooglePermissions: Decodable, Sendable {
    var permissions: [String]?
}

extension CloudError {
    /// What to do about the failure of the first call.
    fileprivate func remedy(_ project: String) -> String? {
        switch kind {
        case .auth:
            "Look whether the credentials belong to an account of the project \(project), whether the Compute Engine "
                + "API is enabled there, and whether the account has the role in docs/operating/google.md."
        case .notFound: "Look whether the project's id is \(project)."
        case .network, .transient: "Look whether this machine reaches Google's APIs, or through which proxy."
        case .capacity, .quota, .throttled, .invalidConfig, .unknown: nil
        }
    }
}
