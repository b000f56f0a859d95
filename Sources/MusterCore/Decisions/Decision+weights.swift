extension Decision {
    /// What each launch config would weigh now, for showing.
    public static func weights(
        of configs: [LaunchConfigSnapshot], now: Timestamp
    ) -> [LaunchConfigID: LaunchConfigWeight] {
        Selection(configs, now: now).weights.byID
    }
}
