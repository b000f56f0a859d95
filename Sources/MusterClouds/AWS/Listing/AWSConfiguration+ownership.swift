import MusterCore

extension AWSConfiguration {
    /// Whether an instance is this fleet's; EC2's filters understand wildcards, so that it is asked again here.
    func owns(_ instance: EC2Instance) -> Bool {
        instance.tags[ResourceTags.deployment] == fleet && instance.tags[ResourceTags.provider] == id.rawValue
    }
}
