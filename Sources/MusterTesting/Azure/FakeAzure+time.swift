import MusterCore
import MusterRuntime

extension FakeAzure {
    /// Ends what has taken its time.
    func advance(_ state: inout State) {
        let now = clock.uptime()
        for name in state.busy {
            switch state.machines[name]?.state {
            case .creating(let until)? where until <= now:
                let fate = state.machines[name]?.fate ?? .succeeded
                let power: String? = fate == .succeeded ? "running" : nil
                state.machines[name]?.become(fate, power: power, at: until)
                state.busy.remove(name)
            case .deleting(let until)? where until <= now: remove(name, &state)
            case .creating?, .deleting?: break
            case .succeeded?, .failed?, nil: state.busy.remove(name)
            }
        }
    }

    /// Removes the machine of this name, in small letters, with its parts; one part stays now and then, an
    /// interface with its address.
    func remove(_ name: String, _ state: inout State) {
        let leaves = chance(state.settings.faults.leftovers, &state)
        remove(name, leavingPart: leaves, &state)
    }

    func remove(_ name: String, leavingPart leaves: Bool, _ state: inout State) {
        let fate = state.machines[name]?.fate
        for id in state.operationsOf.removeValue(forKey: name) ?? []
        where state.operations[id]?.outcome == nil {
            let isDeletion = state.operations[id]?.isDeletion ?? false
            state.operations[id]?.outcome = isDeletion ? .succeeded : fate
        }
        state.machines[name] = nil
        state.busy.remove(name)
        let mine = (state.partsOf.removeValue(forKey: name) ?? []).sorted()
        let left = leaves ? mine.randomElement(using: &state.chance) : nil
        for id in mine {
            let interface = state.parts[id]?.interface
            guard id == left || interface != nil && interface == left else {
                state.parts[id] = nil
                continue
            }
            state.parts[id]?.machine = nil
            state.leftBehind += 1
            if state.parts[id]?.type.hasSuffix("networkInterfaces") ?? false {
                state.parts[id]?.reservedUntil = clock.uptime() + state.settings.interfaceReservation
            }
        }
    }

    func chance(_ probability: Double, _ state: inout State) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &state.chance) < probability
    }

    /// The moment as HTTP's `Date` writes it.
    func date() -> String {
        let skew = state.withLock { $0.settings.skew }
        let moment = clock.now() + skew
        let text = moment.description
        let words = text.split { "-T:.Z".contains($0) }.map(String.init)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let day = days[Int(moment.milliseconds / 86_400_000 % 7)]
        let month = months[(Int(words[1]) ?? 1) - 1]
        return "\(day), \(words[2]) \(month) \(words[0]) \(words[3]):\(words[4]):\(words[5]) GMT"
    }
}
