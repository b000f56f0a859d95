import MusterCore
import MusterRuntime

/// Removes the templates that nothing has needed for a while. Which these are stands at the templates: other
/// processes, and those that were there before this one, have used them as well.
extension LaunchTemplates {
    /// Notes at this fleet's templates what this process has used, and removes those that nobody has, now and then.
    func care(for region: String) async {
        let now = clock.uptime()
        let isDue = state.withLock { state in
            // A process that makes fleets may be a short one; any other has time.
            guard let last = state.caredAt[region] else {
                state.caredAt[region] = now
                return state.use.mustNoteAny(in: region)
            }
            let pause =
                state.use.mustNoteAny(in: region) && !state.failing.contains(region)
                ? CloudPolicy.awsTemplateNoteRetry : CloudPolicy.awsTemplateCare
            guard now - last >= pause else { return false }
            state.caredAt[region] = now
            return true
        }
        guard isDue else { return }
        do throws(EC2Failure) {
            let templates = try await all(in: region)
            for template in templates { try await note(template, in: region) }
            for template in templates where isUnneeded(template, in: region) {
                try await remove(template.name, in: region)
            }
            state.withLock { _ = $0.failing.remove(region) }
        } catch {
            state.withLock { _ = $0.failing.insert(region) }
            log.warning(
                "cannot look after launch templates", ["region": region, "error": error.message])
        }
    }

    /// One of this fleet's templates as EC2 tells of it.
    private struct Template {
        var id: String
        var name: String
        /// When it was made, or used later than that.
        var lastNeeded: Timestamp
    }

    private func all(in region: String) async throws(EC2Failure) -> [Template] {
        var form = QueryForm("DescribeLaunchTemplates")
        form.filter(1, "tag:\(ResourceTags.deployment)", [configuration.fleet])
        form.filter(2, "tag:\(ResourceTags.provider)", [configuration.id.rawValue])
        let found = try await EC2Pages(calls: calls).elements("launchTemplates/item", of: form, in: region)
        return found.compactMap { template in
            guard let name = template.text("launchTemplateName"), name.hasPrefix("muster-"),
                let id = template.text("launchTemplateId"),
                let made = template.text("createTime").flatMap({ Timestamp($0) })
            else { return nil }
            let used = template.items("tagSet").first { $0.text("key") == ResourceTags.used }
            let noted = used?.text("value").flatMap { Timestamp($0) }
            return Template(id: id, name: name, lastNeeded: max(made, noted ?? made))
        }
    }

    private func note(_ template: Template, in region: String) async throws(EC2Failure) {
        let key = TemplateUse.key(template.name, in: region)
        guard let used = state.withLock({ $0.use.mustBeNoted(key) ? $0.use.usedAt[key] : nil }) else {
            return
        }
        let moment = clock.now() - (clock.uptime() - used)
        if moment - template.lastNeeded >= CloudPolicy.awsTemplateNote {
            var form = QueryForm("CreateTags")
            form.set("ResourceId", [template.id])
            form.set("Tag.1.Key", ResourceTags.used)
            form.set("Tag.1.Value", moment.description)
            _ = try await calls.send(form, in: region)
        }
        state.withLock { $0.use.note(key) }
    }

    private func isUnneeded(_ template: Template, in region: String) -> Bool {
        let used = state.withLock { $0.use.usedAt[TemplateUse.key(template.name, in: region)] }
        if let used, clock.uptime() - used < CloudPolicy.awsTemplateRest { return false }
        return clock.now() - template.lastNeeded >= CloudPolicy.awsTemplateRest
    }

    private func remove(_ name: String, in region: String) async throws(EC2Failure) {
        var form = QueryForm("DeleteLaunchTemplate")
        form.set("LaunchTemplateName", name)
        do throws(EC2Failure) {
            _ = try await calls.send(form, in: region)
        } catch {
            // Another process was quicker.
            guard Self.isMissing(error.code) else { throw error }
        }
        state.withLock { $0.use.forget(TemplateUse.key(name, in: region)) }
        log.info("removed a launch template", ["region": region, "template": name])
    }
}
