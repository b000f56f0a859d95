/// Who answers an operator's command: a running service, or the command itself on the database.
enum Answering: String, CaseIterable {
    case service, database

    /// A fleet in that state.
    func fleet() async throws -> MusterFleet {
        let fleet = try MusterFleet()
        if self == .service { try await fleet.start() }
        return fleet
    }
}
