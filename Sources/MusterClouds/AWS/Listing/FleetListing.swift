import MusterCore
import MusterRuntime

/// Lists a fleet's instances in a region, with what the checks say of them.
struct FleetListing: Sendable {
    let configuration: AWSConfiguration
    let calls: EC2Calls
    let status: StatusLook

    /// Everything of this fleet in a region.
    func list(_ region: String) async throws(CloudError) -> Listing {
        var form = QueryForm("DescribeInstances")
        form.filter(1, "tag:\(ResourceTags.deployment)", [configuration.fleet])
        form.filter(2, "tag:\(ResourceTags.provider)", [configuration.id.rawValue])
        let found: [EC2Instance]
        do throws(EC2Failure) {
            found = try await EC2Pages(calls: calls).instances(form, in: region)
        } catch {
            throw error.error()
        }
        let ours = found.filter(isOurs)
        let halted = ours.filter(\.isHalted).map {
            InstanceNotice(
                instanceID: "\(region)/\($0.id)", kind: .impaired,
                detail: "it is \($0.state): \($0.reason ?? "")")
        }
        let ids = Set(ours.map { "\(region)/\($0.id)" })
        let notices = await status.notices(in: region).filter { ids.contains($0.instanceID) }
        return Listing(ours.map { $0.instance(in: region) }, notices: halted + notices)
    }

    /// Whether an instance is this fleet's; EC2's filters understand wildcards, so that it is asked again here.
    func isOurs(_ instance: EC2Instance) -> Bool {
        instance.tags[ResourceTags.deployment] == configuration.fleet
            && instance.tags[ResourceTags.provider] == configuration.id.rawValue
    }
}
