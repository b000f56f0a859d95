import MusterCore
import MusterHTTP

/// Reads which instances of the fleet there are.
struct GoogleInventory: Sendable {
    let api: GoogleAPI
    let fleet: String

    /// All of the fleet, and the zones that could not be seen.
    func all() async throws(CloudError) -> Listing {
        let (instances, unseen) = try await aggregated(filter: fleetFilter)
        return Listing(
            instances.map(\.instance), unseen: unseen, notices: instances.flatMap(\.notices))
    }

    /// Those of some launches within a scope, and the zones of its region that could not be seen.
    func instances(
        of launches: [LaunchID], in scope: GoogleScope
    ) async throws(CloudError) -> (byLaunch: [LaunchID: [GoogleInstance]], unseen: Set<String>) {
        let named = launches.map { (name: "labels.\(GoogleLabels.launch)", value: GoogleName.label($0)) }
        let filter = GoogleFilter.any(named) ?? fleetFilter
        let found: [GoogleInstance]
        var hidden: Set<String> = []
        switch scope {
        case .zone(let zone): found = try await instances(inZone: zone, filter: filter)
        case .region(let region):
            let (instances, unseen) = try await aggregated(filter: filter)
            hidden = Set(unseen.keys.map(\.rawValue).filter { GoogleAddress.region(ofZone: $0) == region })
            found = instances
        }
        // The filter is Google's; that nothing of another fleet is taken is ours.
        let own = found.filter { $0.labels?[GoogleLabels.fleet] == GoogleName.label(fleet) }
        let byLaunch = Dictionary(grouping: own.filter { $0.launch != nil }) {
            $0.launch ?? LaunchID(rawValue: "unknown")
        }
        return (byLaunch, hidden)
    }

    /// The instance with this number.
    func instance(number: String, zone: String) async throws(CloudError) -> Instance? {
        let call = GoogleCall(
            method: .get, address: api.compute("zones/\(GoogleAddress.escaped(zone))/instances/\(number)"),
            query: [(name: "fields", value: GoogleInstance.fields)], kind: .read,
            region: GoogleAddress.region(ofZone: zone))
        do {
            let found = try await api.value(call, as: GoogleInstance.self)
            guard found.id == number, found.labels?[GoogleLabels.fleet] == GoogleName.label(fleet) else {
                return nil
            }
            return found.instance
        } catch {
            if error.means(.notFound) { return nil }
            throw error.error(GoogleErrorPlace(zone: zone, window: api.window))
        }
    }

    private var fleetFilter: String {
        GoogleFilter.term("labels.\(GoogleLabels.fleet)", GoogleName.label(fleet))
    }

    private func instances(inZone zone: String, filter: String) async throws(CloudError) -> [GoogleInstance] {
        do {
            return try await api.pages(
                api.compute("zones/\(GoogleAddress.escaped(zone))/instances"),
                region: GoogleAddress.region(ofZone: zone),
                query: [(name: "filter", value: filter), (name: "fields", value: GoogleZonePage.fields)],
                of: GoogleZonePage.self
            ).flatMap { $0.items ?? [] }
        } catch {
            throw error.error(GoogleErrorPlace(zone: zone, window: api.window))
        }
    }

    private func aggregated(
        filter: String
    ) async throws(CloudError) -> ([GoogleInstance], unseen: [WorkerGroup: CloudError]) {
        let pages: [GoogleAggregatedPage]
        do {
            pages = try await api.pages(
                api.compute("aggregated/instances"), region: "global",
                query: [
                    (name: "filter", value: filter), (name: "fields", value: GoogleAggregatedPage.fields),
                    // One zone that is down must not hide the others.
                    (name: "returnPartialSuccess", value: "true"),
                ], of: GoogleAggregatedPage.self)
        } catch {
            throw error.error(GoogleErrorPlace(window: api.window))
        }
        var instances: [String: GoogleInstance] = [:]
        var unseen: [WorkerGroup: CloudError] = [:]
        for page in pages {
            for scope in page.unreachables ?? [] { unseen.note(scope, code: "UNREACHABLE", message: nil) }
            for (scope, content) in page.items ?? [:] {
                if let warning = content.warning, !warning.isHarmless {
                    unseen.note(scope, code: warning.code ?? "UNREACHABLE", message: warning.message)
                }
                // What moved from one page to the next while they were read is listed twice.
                for instance in content.instances ?? [] { instances[instance.path] = instance }
            }
        }
        let label = GoogleName.label(fleet)
        let own = instances.values.filter { $0.labels?[GoogleLabels.fleet] == label }
        return (own.sorted { $0.path < $1.path }, unseen)
    }
}

extension [WorkerGroup: CloudError] {
    /// Notes a zone that could not be asked; scopes that are no zones have no instances.
    fileprivate mutating func note(_ scope: String, code: String, message: String?) {
        guard let zone = GoogleAddress.part(after: "zones", in: scope), WorkerGroup.accepts(zone) else {
            return
        }
        self[WorkerGroup(rawValue: zone)] = CloudError(
            .transient, cloudCode: code,
            message: message.map { String($0.prefix(500)) } ?? "could not be reached")
    }
}
