public import MusterCore

extension AWSProvider {
    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        var regions: [String: [String]] = [:]
        var all: [String: CloudError] = [:]
        for instance in instanceIDs {
            guard let (region, id) = Self.parts(instance) else {
                let message = "this is no instance of EC2's, and nothing was asked for it"
                all[instance] = CloudError(.invalidConfig, cloudCode: "MalformedInstanceID", message: message)
                continue
            }
            regions[region, default: []].append(id)
        }
        let asked = regions
        let errors = await withTaskGroup(of: [String: CloudError].self) { group in
            for (region, ids) in asked {
                group.addTask { [calls] in
                    let errors = await InstanceTermination(calls: calls).terminate(ids, in: region)
                    return Dictionary(uniqueKeysWithValues: errors.map { ("\(region)/\($0.key)", $0.value) })
                }
            }
            var errors: [String: CloudError] = [:]
            for await some in group { errors.merge(some) { first, _ in first } }
            return errors
        }
        return all.merging(errors) { first, _ in first }
    }
}
