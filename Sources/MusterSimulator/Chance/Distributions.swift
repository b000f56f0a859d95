import Glibc
import MusterCore

/// Boot times: log-normal, by their median and the spread of their logarithm.
public struct BootTime: Hashable, Sendable {
    /// Half of all instances take less. The mean is larger by a factor of exp(sigma²/2).
    public var median: Duration
    /// The standard deviation of the natural logarithm; 0 for a time that is always the same.
    public var sigma: Double

    /// Makes a distribution.
    public init(median: Duration = SimulatorPolicy.bootMedian, sigma: Double = SimulatorPolicy.bootSigma) {
        self.median = median
        self.sigma = sigma
    }

    /// A time in milliseconds.
    func sample(using generator: inout SeededGenerator) -> Int64 {
        let time = Double(median.milliseconds) * exp(sigma * generator.nextNormal())
        // A year: what is longer never registers either.
        return Int64(min(time, 31_536_000_000).rounded())
    }
}

extension SeededGenerator {
    /// A number of the standard normal distribution, by Marsaglia's polar method: of the platform's functions it
    /// needs the logarithm and the root alone.
    mutating func nextNormal() -> Double {
        while true {
            let first = 2 * nextUnit() - 1
            let second = 2 * nextUnit() - 1
            let square = first * first + second * second
            if square > 0, square < 1 { return first * (-2 * log(square) / square).squareRoot() }
        }
    }

    /// A number of the exponential distribution with mean 1.
    mutating func nextExponential() -> Double { -log(1 - nextUnit()) }
}
