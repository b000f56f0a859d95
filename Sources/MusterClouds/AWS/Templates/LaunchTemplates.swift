import MusterCore
import MusterRuntime

/// Makes the launch templates that fleets need, and removes those that nothing has needed for a while.
///
/// A template's name says what is in it: making it again changes nothing, and a config that is changed gets another
/// one. Whoever removes one that is still needed elsewhere only has it made again.
final class LaunchTemplates: Sendable {
    private struct State {
        /// When this process has used a template, by its region and name.
        var usedAt: [String: Duration] = [:]
        var caredAt: [String: Duration] = [:]
    }

    private let configuration: AWSConfiguration
    private let calls: EC2Calls
    private let clock: any WallClock
    private let log: Log
    private let state = Locked(State())

    init(_ configuration: AWSConfiguration, _ calls: EC2Calls, clock: any WallClock, log: Log) {
        self.configuration = configuration
        self.calls = calls
        self.clock = clock
        self.log = log
    }

    /// Makes sure that a template is there. One that this process has used before is taken to be.
    ///
    /// - Throws: a failure of which nothing is in doubt: without a template, no fleet was asked for.
    func make(
        _ template: AWSLaunchBody.Template, in region: String, anew: Bool, deadline: Duration
    ) async throws(EC2Failure) {
        let key = "\(region)/\(template.name)"
        let now = clock.uptime()
        let isKnown = state.withLock { state in
            defer { if state.usedAt[key] != nil { state.usedAt[key] = now } }
            return state.usedAt[key] != nil
        }
        guard anew || !isKnown else { return }
        do throws(EC2Failure) {
            _ = try await calls.send(
                "CreateLaunchTemplate", body: template.form, in: region, deadline: deadline)
        } catch {
            guard error.code.hasPrefix("InvalidLaunchTemplateName.AlreadyExists") else {
                throw EC2Failure(code: error.code, message: error.message, mayHaveArrived: false)
            }
        }
        state.withLock { $0.usedAt[key] = now }
    }

    /// Whether a failure says that a template is not there (any more, or not yet everywhere).
    static func isMissing(_ code: String) -> Bool {
        code.hasPrefix("InvalidLaunchTemplateName.NotFound")
            || code.hasPrefix("InvalidLaunchTemplateId.NotFound")
    }

    /// Removes this fleet's templates that are old and that this process has not used, now and then.
    func care(for region: String) async {
        let now = clock.uptime()
        let isDue = state.withLock { state in
            guard let last = state.caredAt[region] else {
                state.caredAt[region] = now
                // A process that makes fleets may be a short one; any other has time.
                return state.usedAt.keys.contains { $0.hasPrefix("\(region)/") }
            }
            guard now - last >= CloudPolicy.awsTemplateCare else { return false }
            state.caredAt[region] = now
            return true
        }
        guard isDue else { return }
        do throws(EC2Failure) {
            for name in try await unneeded(in: region) {
                var form = QueryForm("DeleteLaunchTemplate")
                form.set("LaunchTemplateName", name)
                _ = try await calls.send(form, in: region)
                state.withLock { $0.usedAt["\(region)/\(name)"] = nil }
                log.info("removed a launch template", ["region": region, "template": name])
            }
        } catch {
            log.warning(
                "cannot look after launch templates", ["region": region, "error": error.message])
        }
    }

    private func unneeded(in region: String) async throws(EC2Failure) -> [String] {
        var form = QueryForm("DescribeLaunchTemplates")
        form.filter(1, "tag:\(ResourceTags.deployment)", [configuration.fleet])
        form.filter(2, "tag:\(ResourceTags.provider)", [configuration.id.rawValue])
        let found = try await EC2Pages(calls: calls).elements(
            "launchTemplates/item", keeping: nil, of: form, in: region)
        let (now, uptime) = (clock.now(), clock.uptime())
        let used = state.withLock { $0.usedAt }
        return found.compactMap { template in
            guard let name = template.text("launchTemplateName"), name.hasPrefix("muster-"),
                let made = template.text("createTime").flatMap({ Timestamp($0) }),
                now - made >= CloudPolicy.awsTemplateRest
            else { return nil }
            let last = used["\(region)/\(name)"]
            return last.map { uptime - $0 < CloudPolicy.awsTemplateRest } ?? false ? nil : name
        }
    }
}
