import MusterCore
import MusterRuntime

/// Makes the launch templates that fleets need.
///
/// A template's name says what is in it: making it again changes nothing, and a config that is changed gets another
/// one. Whoever removes one that is still needed elsewhere only has it made again.
final class LaunchTemplates: Sendable {
    let configuration: AWSConfiguration
    let calls: EC2Calls
    let clock: any WallClock
    let log: Log
    let state = Locked(State())

    struct State {
        var use = TemplateUse()
        var caredAt: [String: Duration] = [:]
        /// Regions in which the last care broke off.
        var failing: Set<String> = []
    }

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
        let key = TemplateUse.key(template.name, in: region)
        let now = clock.uptime()
        let isKnown = state.withLock { state in
            guard !anew, state.use.usedAt[key] != nil else { return false }
            state.use.use(key, isNew: false, at: now)
            return true
        }
        guard !isKnown else { return }
        var isNew = true
        do throws(EC2Failure) {
            _ = try await calls.send(
                "CreateLaunchTemplate", body: template.form, in: region, deadline: deadline)
        } catch {
            guard error.code.hasPrefix("InvalidLaunchTemplateName.AlreadyExists") else {
                throw EC2Failure(code: error.code, message: error.message, mayHaveArrived: false)
            }
            isNew = false
        }
        state.withLock { [isNew] in $0.use.use(key, isNew: isNew, at: now) }
    }

    /// Whether a failure says that a template is not there (any more, or not yet everywhere).
    static func isMissing(_ code: String) -> Bool {
        code.hasPrefix("InvalidLaunchTemplateName.NotFound")
            || code.hasPrefix("InvalidLaunchTemplateId.NotFound")
    }
}
