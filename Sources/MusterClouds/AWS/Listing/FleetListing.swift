import MusterCore
import MusterRuntime

/// Lists a fleet's instances in a region, with what the checks say of them.
struct FleetListing: Sendable {
    let configuration: AWSConfiguration
    let calls: EC2Calls
    let status: StatusLook
    let asides: AsideTasks
    let clock: any WallClock

    /// Everything of this fleet in a region.
    func list(_ region: String) async throws(CloudError) -> Listing {
        let begun = clock.uptime()
        let look = asides.begin("status/\(region)", within: CloudPolicy.awsStatusDeadline) { [status] in
            await status.look(at: region)
        }
        let ours = try await instances(in: region)
        // It was asked at the same time: whoever lists once only hears of it too, and nobody waits for long.
        let patience = CloudPolicy.awsStatusPatience - (clock.uptime() - begun)
        if patience > .zero {
            await Deadline.run(within: patience, clock: clock, { await look.value }, late: {})
        }
        let halted = ours.filter(\.isHalted).map {
            InstanceNotice(
                instanceID: "\(region)/\($0.id)", kind: .impaired,
                detail: "it is \($0.state): \($0.reason ?? "")")
        }
        let ids = Set(ours.map { "\(region)/\($0.id)" })
        let notices = status.notices(in: region).filter { ids.contains($0.instanceID) }
        return Listing(ours.map { $0.instance(in: region) }, notices: halted + notices)
    }

    private func instances(in region: String) async throws(CloudError) -> [EC2Instance] {
        var form = QueryForm("DescribeInstances")
        form.filter(1, "tag:\(ResourceTags.deployment)", [configuration.fleet])
        form.filter(2, "tag:\(ResourceTags.provider)", [configuration.id.rawValue])
        do throws(EC2Failure) {
            return try await EC2Pages(calls: calls).instances(form, in: region).filter(configuration.owns)
        } catch {
            throw error.error()
        }
    }
}
