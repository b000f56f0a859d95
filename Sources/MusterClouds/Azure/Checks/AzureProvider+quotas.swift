import MusterCore
import MusterHTTP

extension AzureProvider {
    /// The quotas of the locations in which there are machines, and of the resource group's own.
    func quotas(beside location: String?) async -> [ProviderFinding] {
        var locations: Set<String> = []
        do throws(CloudError) {
            let listed = try await inventory.recent().machines.values.map(\.location)
            locations = Set(listed.filter(AzureContent.isLocation))
        } catch {
            return [refused("quotas", error)]
        }
        if let location { locations.insert(location) }
        let looked = locations.sorted().prefix(CloudPolicy.azureLocationsPerCheck)
        var findings: [ProviderFinding] = []
        for location in looked { findings.append(await quotas(in: location)) }
        let left = locations.subtracting(looked).sorted().joined(separator: ", ")
        let others =
            left.isEmpty ? "locations without a machine" : "\(left), and locations without a machine"
        return findings + [
            ProviderFinding(
                "other-quotas", .skipped,
                "not looked at: those of \(others); \"muster launch-config validate\" looks at a launch config's"
            )
        ]
    }

    /// The quotas of one location.
    func quotas(in location: String) async -> ProviderFinding {
        do throws(CloudError) {
            let usages = try await api.pages(
                AzureUsage.self, AzureRequest(kind: .list, method: .get, url: api.paths.usages(location)))
            let full = usages.filter { $0.limit > 0 && $0.currentValue * 10 >= $0.limit * 9 }
            let cores = usages.first { $0.name.value.lowercased() == "cores" }
            let words = cores.map { "\($0.currentValue) of \($0.limit) cores are in use in \(location)" }
            guard !full.isEmpty else {
                return ProviderFinding("quotas", .good, words ?? "none is used up in \(location)")
            }
            let names = full.prefix(5).map {
                "\($0.name.localizedValue ?? $0.name.value) \($0.currentValue)/\($0.limit)"
            }
            return ProviderFinding(
                "quotas", .warning, "nearly used up in \(location): \(names.joined(separator: ", "))",
                remedy: "ask for more under Quotas in the portal")
        } catch {
            // Nothing that Muster does needs it.
            var finding = refused("quotas", error)
            finding.verdict = .warning
            return finding
        }
    }
}
