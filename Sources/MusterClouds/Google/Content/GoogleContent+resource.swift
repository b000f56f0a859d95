import MusterCore

extension GoogleContent {
    /// The body of the call that carries an order out: an instance without its name, or a bulk insertion.
    func body(_ order: LaunchOrder, _ configuration: GoogleProviderConfiguration) -> Document {
        isBulk ? bulk(order, configuration) : instance(order, configuration).document
    }

    private func instance(_ order: LaunchOrder, _ configuration: GoogleProviderConfiguration)
        -> GoogleResource
    {
        var instance = GoogleResource(properties)
        let labels = labels(order, configuration)
        var own = GoogleResource(properties["labels"])
        for (name, value) in labels { own[name] = Document(.string(value)) }
        instance["labels"] = own.document
        if case .zone(let zone) = place, !isBulk {
            let type = machineTypes[0]
            instance["machineType"] = Document(
                .string(type.contains("/") ? type : "zones/\(zone)/machineTypes/\(type)"))
        } else if machineTypes.count == 1 {
            instance["machineType"] = Document(.string(machineTypes[0]))
        }
        instance["disks"] = Document(
            .array(GoogleResource(properties).elements("disks").map { disk($0, labels) }))
        instance["scheduling"] = scheduling
        instance["metadata"] = metadata(order, configuration)
        if let account = configuration.workerServiceAccount {
            instance["serviceAccounts"] = Document(.array([Self.serviceAccount(account)]))
        }
        return instance
    }

    private func bulk(_ order: LaunchOrder, _ configuration: GoogleProviderConfiguration) -> Document {
        var body = GoogleResource()
        body["count"] = Document(.string(String(order.count)))
        // A part is better than nothing.
        body["minCount"] = Document(.string("1"))
        body["instanceProperties"] = instance(order, configuration).document
        var names = GoogleResource()
        for index in 0..<max(0, order.count) {
            names[GoogleName.instance(of: order.launchID, index)] = Document(.object([]))
        }
        body["perInstanceProperties"] = names.document
        if machineTypes.count > 1 {
            var selections = GoogleResource()
            for (rank, type) in machineTypes.enumerated() {
                var selection = GoogleResource()
                selection["machineTypes"] = Document(.array([Document(.string(type))]))
                selection["rank"] = Document(.integer(Int64(rank)))
                selections["choice-\(rank)"] = selection.document
            }
            var policy = GoogleResource()
            policy["instanceSelections"] = selections.document
            body["instanceFlexibilityPolicy"] = policy.document
        }
        if case .region(_, let zones, let excluded) = place {
            var locations = GoogleResource()
            for (names, preference) in [(zones, "ALLOW"), (excluded, "DENY")] {
                for name in names {
                    locations["zones/\(name)"] = GoogleResource.texts(["preference": preference])
                }
            }
            var policy = GoogleResource()
            policy["locations"] = locations.document
            // Whatever zone has room: the best for work that needs no neighbours.
            policy["targetShape"] = Document(.string("ANY"))
            body["locationPolicy"] = policy.document
        }
        return body.document
    }

    /// The labels by which instances are found again. Exact ids are in the metadata.
    private func labels(
        _ order: LaunchOrder, _ configuration: GoogleProviderConfiguration
    ) -> [String: String] {
        [
            GoogleLabels.fleet: GoogleName.label(configuration.fleet),
            GoogleLabels.launch: GoogleName.label(order.launchID),
            "muster-pool": GoogleName.readable(order.poolID.rawValue),
            "muster-launch-config": GoogleName.readable(order.launchConfigID.rawValue),
            "managed-by": "muster",
        ]
    }

    /// A disk that is made with the instance carries its labels, and goes with it; one that is there already keeps
    /// its own.
    private func disk(_ document: Document, _ labels: [String: String]) -> Document {
        var disk = GoogleResource(document)
        let own = GoogleResource(disk["labels"])
        disk["labels"] = nil
        guard disk["source"] == nil else { return disk.document }
        disk["autoDelete"] = Document(.boolean(true))
        guard disk.text("type").map({ $0 == "PERSISTENT" }) ?? true else { return disk.document }
        var parameters = GoogleResource(disk["initializeParams"])
        var merged = GoogleResource(parameters["labels"] ?? own.document)
        for (name, value) in labels { merged[name] = Document(.string(value)) }
        parameters["labels"] = merged.document
        disk["initializeParams"] = parameters.document
        return disk.document
    }

    /// An instance that failed is replaced, never restarted; one that is taken back goes with its disks.
    private var scheduling: Document {
        var scheduling = GoogleResource(properties["scheduling"])
        scheduling["automaticRestart"] = Document(.boolean(false))
        if scheduling.text("provisioningModel") == "SPOT", scheduling["instanceTerminationAction"] == nil {
            scheduling["instanceTerminationAction"] = Document(.string("DELETE"))
        }
        return scheduling.document
    }

    private func metadata(_ order: LaunchOrder, _ configuration: GoogleProviderConfiguration) -> Document {
        var metadata = GoogleResource(properties["metadata"])
        var worker = GoogleResource()
        worker["workerPoolId"] = Document(.string(order.poolID.rawValue))
        worker["providerId"] = Document(.string(configuration.id.rawValue))
        worker["rootUrl"] = Document(.string(order.serviceURL))
        worker["workerConfig"] = workerConfig
        // In a region only the machine itself knows its zone.
        if case .zone(let zone) = place { worker["workerGroup"] = Document(.string(zone)) }
        let muster = GoogleResource.texts([
            "fleet": configuration.fleet, "launch": order.launchID.rawValue, "pool": order.poolID.rawValue,
            "launchConfig": order.launchConfigID.rawValue, "provider": configuration.id.rawValue,
            "serviceUrl": order.serviceURL, "capacity": String(order.capacityPerInstance),
        ])
        let items = [("taskcluster", worker.document), ("muster", muster)].map { key, value in
            GoogleResource.texts(["key": key, "value": value.canonicalJSON])
        }
        metadata["items"] = Document(.array(metadata.elements("items") + items))
        return metadata.document
    }

    private static func serviceAccount(_ address: String) -> Document {
        var account = GoogleResource()
        account["email"] = Document(.string(address))
        account["scopes"] = Document(.array([Document(.string(GoogleTokens.scope))]))
        return account.document
    }
}
