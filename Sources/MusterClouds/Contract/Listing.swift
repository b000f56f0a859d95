public import MusterCore

/// A part of a provider that is listed by itself, so that one that is slow or dead delays no other: an AWS region,
/// a Google project, an Azure resource group.
public struct Realm: Hashable, Sendable {
    /// Its name within the provider; part of the name of the loop that compares it.
    public var id: String
    /// The only group that its instances have; nil when it is the provider's only realm, with all its groups.
    public var group: WorkerGroup?

    /// Makes a realm.
    public init(id: String, group: WorkerGroup? = nil) {
        self.id = id
        self.group = group
    }
}

/// Everything of a fleet that a provider has in one realm.
public struct Listing: Sendable {
    /// The instances, also those whose launch nobody knows.
    public var instances: [Instance]
    /// Groups that the provider could not see at the moment: of their instances nothing can be concluded.
    public var unseen: [WorkerGroup: CloudError]
    /// What the provider says will happen to instances, or is wrong with them.
    public var notices: [InstanceNotice]

    /// Makes a listing.
    public init(
        _ instances: [Instance], unseen: [WorkerGroup: CloudError] = [:], notices: [InstanceNotice] = []
    ) {
        self.instances = instances
        self.unseen = unseen
        self.notices = notices
    }
}

extension CloudProvider {
    /// Every instance of this fleet, of all realms one after the other.
    ///
    /// - Throws: when any could not be seen.
    public func list() async throws(CloudError) -> [Instance] {
        var instances: [Instance] = []
        for realm in realms {
            let listing = try await list(realm)
            if let error = listing.unseen.values.first { throw error }
            instances += listing.instances
        }
        return instances
    }
}

/// The word of a provider that an instance is not to be counted on.
public struct InstanceNotice: Hashable, Sendable {
    /// What it means for the instance.
    public enum Kind: Hashable, Sendable {
        /// It exists and will do no work: its host has failed, or it was halted.
        case impaired
        /// The provider will halt, move or end it, at the earliest at that time.
        case maintenance(at: Timestamp?)
    }

    /// Which instance.
    public var instanceID: String
    /// What it means.
    public var kind: Kind
    /// The provider's own words.
    public var detail: String
    /// Why there is nothing to do the work, of one that counted as an instance before that was known. Where its
    /// worker has not come yet, it is what a refusal of its launch would have said.
    public var error: CloudError?

    /// Makes a notice.
    public init(instanceID: String, kind: Kind, detail: String, error: CloudError? = nil) {
        self.error = error
        self.instanceID = instanceID
        self.kind = kind
        self.detail = detail
    }
}
