/// Where capacity is counted.
public struct CapacityAccount: Hashable, Sendable {
    /// The pool.
    public var poolID: PoolID
    /// The launch config.
    public var launchConfigID: LaunchConfigID
    /// The bucket.
    public var bucket: Bucket

    /// Names an account.
    public init(poolID: PoolID, launchConfigID: LaunchConfigID, bucket: Bucket) {
        self.poolID = poolID
        self.launchConfigID = launchConfigID
        self.bucket = bucket
    }
}

/// What changes in the accounts when rows change; written in the same transaction as they.
public struct CapacityChange: Sendable {
    /// What is added to each account; never zero.
    public private(set) var changes: [CapacityAccount: CapacityTally] = [:]

    /// No change.
    public init() {}

    /// Adds a tally to an account.
    public mutating func add(_ tally: CapacityTally, to account: CapacityAccount) {
        let sum = (changes[account] ?? .zero) + tally
        changes[account] = sum == .zero ? nil : sum
    }

    /// Takes the capacity of a worker as it was out and puts it in as it is.
    public mutating func replace(_ old: Worker?, with new: Worker?) {
        if let old { add(-old.tally, to: old.account) }
        if let new { add(new.tally, to: new.account) }
    }

    /// The same for a launch: only while it is planned does it count, as requested.
    public mutating func replace(_ old: Launch?, with new: Launch?) {
        if let old, old.state == .planned { add(-old.tally, to: old.account) }
        if let new, new.state == .planned { add(new.tally, to: new.account) }
    }
}

extension Worker {
    /// Its capacity and claims.
    public var tally: CapacityTally { CapacityTally(workers: 1, capacity: capacity, claimed: claimed) }

    /// Where they are counted.
    public var account: CapacityAccount {
        CapacityAccount(poolID: key.poolID, launchConfigID: launchConfigID, bucket: bucket)
    }
}

extension Launch {
    /// What was asked for and has no worker yet.
    public var tally: CapacityTally {
        CapacityTally(workers: count - obtained, capacity: (count - obtained) * capacityPerInstance)
    }

    /// Where it is counted while nobody knows what came of it.
    public var account: CapacityAccount {
        CapacityAccount(poolID: poolID, launchConfigID: launchConfigID, bucket: .requested)
    }
}
