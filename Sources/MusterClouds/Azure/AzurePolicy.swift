// The numbers that calls of Azure go by.

import MusterHTTP

extension CloudPolicy {
    /// Tokens live for an hour at least: this leaves time for a directory in trouble to come back.
    static let azureTokenRefresh: Duration = .seconds(600)

    /// A directory answers within a second; three more attempts fit in.
    static let azureTokenDeadline: Duration = .seconds(15)

    /// Seconds: managed identities get tokens for a day, and no longer ones are believed.
    static let azureLongestToken: Int64 = 86_400

    /// Seconds for which an assertion of a certificate holds: for one call, and clocks that differ.
    static let azureAssertionLife: Int64 = 600

    /// Tokens with many groups in them have some ten kilobytes.
    static let azureTokenBytes = 256 << 10

    /// The metadata service is on the machine itself, or is not there.
    static let azureMetadataConnect: Duration = .seconds(2)

    /// For a launch of any size: less than half of a pool's lease, which must hold while it is sent.
    static let azureCallDeadline: Duration = .seconds(20)

    /// How long the calls of one launch, one look-up or one round of deletions may take together: they end before
    /// the launch itself, so that their answers are heard.
    static let azureRoundTime: Duration = .seconds(17)

    /// What must be left of that for another call to be sent.
    static let azureShortestCall: Duration = .seconds(2)

    /// Calls of one launch, of one look-up, or of deletions in one location, that are under way at once. At two
    /// seconds each that is what Azure takes for long; and one location that is slow leaves the connection to others.
    static let azureCallsAtOnce = 16

    /// How long after it was sent a machine may be missing from the list of its resource group: the time that the
    /// call may be on its way, and twice as long for the list, which lags by seconds.
    static let azureLookUpDelay: Duration = .seconds(60)

    /// A machine's name is known as long as there is the machine, and no longer: a repeat that comes after it was
    /// made and removed would make it again. None is made and removed within this time.
    static let azureRepeatWindow: Duration = .seconds(120)

    /// Whether there is room is known within seconds; what is still being created after this boots, and has its
    /// worker's deadlines.
    static let azureAllocationTime: Duration = .seconds(90)

    /// How old the list of a resource group may be that a look-up of a launch is answered from: launches are
    /// looked up every few seconds, each of them by itself.
    static let azureListAge: Duration = .seconds(2)

    /// How often machines that do not run are asked for; Resource Graph itself lags by about as much.
    static let azurePowerInterval: Duration = .seconds(60)

    /// A list waits for the answer, which it can do without.
    static let azurePowerDeadline: Duration = .seconds(8)

    /// How often what machines left behind is looked for: it costs cents an hour.
    static let azureSweepInterval: Duration = .seconds(600)

    /// How long a part without a machine is left alone: a machine's parts are there before it is, and go after it.
    static let azureLeftoverGrace: Duration = .seconds(900)

    /// How often the removal of a part is asked for again. Azure keeps an interface for its machine for three
    /// minutes.
    static let azurePartInterval: Duration = .seconds(15)

    /// How long a launch stays open for what is left of a machine that it did not get. What is not gone by then, as
    /// what a lock forbids to remove, is the listing's and the sweep's.
    static let azureSettlingTime: Duration = .seconds(300)

    /// How often a deletion whose effect does not show is sent again.
    static let azureDeletionInterval: Duration = .seconds(60)

    /// Launches whose refusals are remembered until they are looked up.
    static let azureRememberedLaunches = 2_000

    /// Pages of one list; 1,000 pages have at least 50,000 machines.
    static let azurePages = 1_000

    /// A page of 500 machines with all they have is below this.
    static let azurePageBytes = 32 << 20

    /// Locations whose quotas one check looks at, each of which costs a list; few fleets are in more.
    static let azureLocationsPerCheck = 12

    /// Clocks further apart than this make assertions and tokens fail.
    static let azureClockSkew: Duration = .seconds(120)

    /// Azure takes no more tags on a resource, and no longer values.
    static let azureTags = 50
    static let azureTagNameLength = 512
    static let azureTagValueLength = 256

    /// Bytes of customData before Base64, which Azure takes 64 KiB of.
    static let azureCustomDataBytes = 48 << 10
}

extension CloudPolicy {
    // What Microsoft publishes per subscription and region: a bucket and its refill in a minute.

    /// Put, update and delete of machines.
    static let azureChanges = CallRate(burst: 1_500, perSecond: 500 / 60)
    /// Gets of one resource.
    static let azureGets = CallRate(burst: 24_000, perSecond: 8_000 / 60)
    /// Lists, which cost more.
    static let azureLists = CallRate(burst: 900, perSecond: 300 / 60)
    /// Looks at asynchronous operations.
    static let azureOperations = CallRate(burst: 15_000, perSecond: 5_000 / 60)
    /// Resource Graph: 15 questions in each 5 seconds, for each who asks.
    static let azureQueries = CallRate(burst: 15, perSecond: 3)
    /// The resource manager's own: reads of a subscription by one who asks.
    static let azureReads = CallRate(burst: 250, perSecond: 25)
}
