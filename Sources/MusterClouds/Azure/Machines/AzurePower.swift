import MusterCore
import MusterHTTP
import MusterRuntime

/// Which machines do not run although they are there, by one question to Resource Graph.
///
/// Lists of machines do not tell, and asking for each would cost a call. An answer that is a minute old harms
/// nobody: nothing starts a halted machine again. Where Resource Graph does not answer, machines count as what the
/// resource manager says of them.
final class AzurePower: Sendable {
    private struct State {
        var askedAt: Duration?
        var known: [String: String] = [:]
        var failure: CloudError?
    }

    private let api: AzureAPI
    private let log: Log
    private let state = Locked(State())

    init(_ api: AzureAPI, log: Log) {
        self.api = api
        self.log = log
    }

    /// The power states of machines that do not run, or were not made, by their names in small letters.
    func states() async -> [String: String] {
        let now = api.clock.uptime()
        let known: [String: String]? = state.withLock { state in
            if let asked = state.askedAt, now - asked < CloudPolicy.azurePowerInterval { return state.known }
            state.askedAt = now
            return nil
        }
        if let known { return known }
        do throws(CloudError) {
            let found = try await ask()
            state.withLock { ($0.known, $0.failure) = (found, nil) }
            return found
        } catch {
            let isNew = state.withLock { state in
                defer { state.failure = error }
                return state.failure?.cloudCode != error.cloudCode
            }
            if isNew { log.warning("halted machines cannot be seen", ["error": error.description]) }
            return state.withLock { $0.known }
        }
    }

    /// Whether a machine with this power state does nothing, and never will again.
    static func isHalted(_ power: String?) -> Bool {
        ["deallocated", "deallocating", "stopped", "stopping", "hibernated"].contains(power ?? "")
    }

    private struct Row: Decodable {
        var name: String
        var power: String?
    }

    private struct Answer: Decodable {
        var data: [Row]
        var skip: String?

        private enum CodingKeys: String, CodingKey {
            case data
            case skip = "$skipToken"
        }
    }

    /// Asks, page by page.
    func ask() async throws(CloudError) -> [String: String] {
        var found: [String: String] = [:]
        var skip: String?
        for _ in 0..<CloudPolicy.azurePages {
            var request = AzureRequest(kind: .query, method: .post, url: api.paths.graph)
            request.body = Array(question(skip).canonicalJSON.utf8)
            request.isRepeatable = true
            request.deadline = CloudPolicy.azurePowerDeadline
            let answer = try api.read(Answer.self, try await api.success(request))
            for row in answer.data {
                found[row.name.lowercased()] = String((row.power ?? "").split(separator: "/").last ?? "")
                    .lowercased()
            }
            guard let next = answer.skip, !next.isEmpty, next != skip else { return found }
            skip = next
        }
        return found
    }

    private func question(_ skip: String?) -> Document {
        let text = """
            resources | where type =~ 'microsoft.compute/virtualmachines' \
            | where resourceGroup =~ \(Self.quoted(api.configuration.resourceGroup)) \
            | where tags['\(AzureTags.deployment)'] == \(Self.quoted(api.configuration.fleet)) \
            | extend power = tostring(properties.extended.instanceView.powerState.code) \
            | where power !in~ ('PowerState/running', 'PowerState/starting', '') \
            or properties.provisioningState =~ 'Failed' \
            | project name, power | order by name asc
            """
        return .object([
            "subscriptions": .list([.string(api.configuration.subscription)]), "query": .string(text),
            "options": .object([
                "resultFormat": .string("objectArray"), "$top": .integer(1_000),
                "$skipToken": skip.map(Document.string),
            ]),
        ])
    }

    /// A string of the query language: nothing in it can end it.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
