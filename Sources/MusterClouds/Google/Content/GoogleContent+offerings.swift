import MusterCore

extension GoogleContent {
    /// What it can be launched as, the best first.
    var choices: [GoogleOffering] {
        machineTypes.flatMap { type in
            zones.map { GoogleOffering(market: market, machineType: GoogleAddress.name(type), zone: $0) }
        }
    }

    /// The same with the quotas that it counts against.
    var offerings: [Offering] {
        let resource = GoogleResource(properties)
        let interfaces = resource.elements("networkInterfaces").map { GoogleResource($0) }
        let accelerators = resource.elements("guestAccelerators").compactMap {
            GoogleResource($0).text("acceleratorType").map(GoogleAddress.name)
        }
        let hasAddress = interfaces.contains { !$0.elements("accessConfigs").isEmpty }
        return choices.map { choice in
            Offering(
                name: choice.name,
                scopes: GoogleQuota.scopes(
                    machineType: choice.machineType, isSpot: market == .spot,
                    region: GoogleAddress.region(ofZone: choice.zone), accelerators: accelerators,
                    hasExternalAddress: hasAddress, diskTypes: diskTypes, subnetwork: subnetwork))
        }
    }

    /// The name of the first interface's subnetwork.
    var subnetwork: String? {
        GoogleResource(properties).elements("networkInterfaces").first
            .flatMap { GoogleResource($0).text("subnetwork") }.map(GoogleAddress.name)
    }

    private var diskTypes: Set<String> {
        Set(
            GoogleResource(properties).elements("disks").map { disk in
                let disk = GoogleResource(disk)
                if disk.text("type") == "SCRATCH" { return "local-ssd" }
                let type = GoogleResource(disk["initializeParams"]).text("diskType") ?? "pd-standard"
                return GoogleAddress.name(type)
            })
    }
}
