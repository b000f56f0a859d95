/// Where a provider's credentials come from.
public struct AWSCredentialSettings: Hashable, Sendable {
    /// A role to take on with the credentials that were found.
    public struct Role: Hashable, Sendable {
        /// The role's ARN.
        public var arn: String
        /// What the role's owner asks for besides; no secret.
        public var externalID: String?
        /// The name under which the calls stand in the account's trail.
        public var sessionName: String?

        /// Names a role.
        public init(arn: String, externalID: String? = nil, sessionName: String? = nil) {
            self.arn = arn
            self.externalID = externalID
            self.sessionName = sessionName
        }
    }

    /// The profile of the shared files that is used, and nothing else; nil looks everywhere in order.
    public var profile: String?
    /// The role that is taken on.
    public var role: Role?

    /// Makes settings; without any, the environment, the shared files, a web identity, the container's and the
    /// instance's metadata are looked at in this order.
    public init(profile: String? = nil, role: Role? = nil) {
        self.profile = profile
        self.role = role
    }
}
