/// Names of quotas, as scopes of offerings and of errors spell them: `quota/N2_CPUS/us-central1`.
enum GoogleQuota {
    /// The scope of a metric in a region; nil is one of all regions.
    static func scope(_ metric: String, region: String?) -> String {
        "quota/\(metric)" + (region.map { "/\($0)" } ?? "")
    }

    /// The scope that a fault speaks of, by its details, else by its sentence.
    static func scope(of fault: GoogleFault, region: String?) -> String {
        guard let named = fault.quotaMetric ?? metric(inSentence: fault.message) else {
            return scope("UNNAMED", region: region)
        }
        var metric = GoogleAddress.name(named).uppercased()
        metric = aliases[metric] ?? metric
        if let family = fault.quotaDimensions["vm_family"] ?? fault.quotaDimensions["gpu_family"] {
            metric += ".\(family.uppercased())"
        }
        return scope(
            metric, region: metric.hasSuffix("_ALL_REGIONS") ? nil : fault.quotaDimensions["region"] ?? region
        )
    }

    /// `N2_CPUS` of "Quota 'N2_CPUS' exceeded.  Limit: 24.0 in region us-central1."
    private static func metric(inSentence text: String) -> String? {
        let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased().contains("quota"), parts[1].utf8.count <= 100,
            parts[1].utf8.allSatisfy({
                $0 == 95 || $0 == 45 || (65...90).contains($0) || (48...57).contains($0)
            })
        else { return nil }
        return String(parts[1])
    }

    /// The same quota under its two names: of the region's list, and of the quota service.
    private static let aliases = [
        "SSD_TOTAL_STORAGE": "SSD_TOTAL_GB", "DISKS_TOTAL_STORAGE": "DISKS_TOTAL_GB",
        "LOCAL_SSD_TOTAL_STORAGE": "LOCAL_SSD_TOTAL_GB", "REGIONAL_IN_USE_ADDRESSES": "IN_USE_ADDRESSES",
    ]

    /// The scopes in which one more machine of this type counts.
    static func scopes(
        machineType: String, isSpot: Bool, region: String, accelerators: [String], hasExternalAddress: Bool,
        diskTypes: Set<String>, subnetwork: String?
    ) -> [String] {
        let family = machineType.prefix { $0 != "-" }.uppercased()
        var metrics = ["INSTANCES"]
        metrics +=
            sharedFamilies.contains(family) ? ["CPUS"] : ["\(family)_CPUS", "CPUS_PER_VM_FAMILY.\(family)"]
        if isSpot { metrics.append("PREEMPTIBLE_CPUS") }
        for accelerator in accelerators {
            let name = accelerator.uppercased().replacing("-", with: "_").replacing("_TESLA_", with: "_")
            metrics.append("\(name)_GPUS")
            if isSpot { metrics.append("PREEMPTIBLE_\(name)_GPUS") }
        }
        if hasExternalAddress { metrics.append("IN_USE_ADDRESSES") }
        for type in diskTypes.sorted() {
            if let metric = diskMetrics[type] { metrics.append(metric) }
        }
        var scopes = metrics.map { scope($0, region: region) }
        scopes.append(scope("CPUS_ALL_REGIONS", region: nil))
        if !accelerators.isEmpty { scopes.append(scope("GPUS_ALL_REGIONS", region: nil)) }
        if let subnetwork { scopes.append(addresses(of: subnetwork, region: region)) }
        return scopes
    }

    /// The scope of a subnetwork's addresses.
    static func addresses(of subnetwork: String, region: String) -> String {
        "addresses/\(subnetwork)/\(region)"
    }

    /// Families that are counted together.
    private static let sharedFamilies: Set = ["N1", "E2", "F1", "G1", "CUSTOM"]

    private static let diskMetrics = [
        "pd-ssd": "SSD_TOTAL_GB", "pd-balanced": "SSD_TOTAL_GB", "pd-extreme": "SSD_TOTAL_GB",
        "pd-standard": "DISKS_TOTAL_GB", "local-ssd": "LOCAL_SSD_TOTAL_GB",
        "hyperdisk-balanced": "HDB_TOTAL_GB", "hyperdisk-extreme": "HDX_TOTAL_GB",
    ]
}
