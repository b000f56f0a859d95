import MusterCore

extension AzureContent {
    mutating func readStorage(_ profile: DocumentReader, of reader: DocumentReader) {
        guard reader.has("storageProfile") else { return reader.refuse("storageProfile", "is missing") }
        guard let disk = profile.document("osDisk") else { return profile.refuse("osDisk", "is missing") }
        let system = disk["osType"]?.asText ?? ""
        isWindows = system.lowercased() == "windows"
        if disk["createOption"]?.asText?.lowercased() == "attach" {
            profile.refuse(
                "osDisk", "createOption Attach gives one disk to one machine: use an image, with FromImage")
        }
        if let disks = profile.list("dataDisks", limit: 64) {
            dataDisks = disks.count
            for disk in disks where disk.document["lun"] == nil { profile.refuse(disk, "needs a lun") }
            for disk in disks where disk.document["createOption"]?.asText?.lowercased() == "attach" {
                profile.refuse(disk, "createOption Attach gives one disk to one machine")
            }
        }
    }

    mutating func readSystem(_ profile: DocumentReader) {
        for name in ["adminPassword", "customData", "computerName"] where profile.has(name) {
            let reason =
                switch name {
                case "adminPassword":
                    "is a secret, which launch configs do not hold; Muster makes one for each machine"
                case "customData": "is what tells the worker where Muster is: write workerConfig or userData"
                default: "is each machine's own, and Muster's to give"
                }
            profile.refuse(name, reason)
        }
        if profile.has("windowsConfiguration") { isWindows = true }
        let linux = profile.document("linuxConfiguration")
        let hasKey: Bool =
            if case .array(let keys) = linux?["ssh"]?["publicKeys"]?.value { !keys.isEmpty } else { false }
        let isWithoutPassword = linux?["disablePasswordAuthentication"]?.value == .boolean(true)
        if isWithoutPassword, !hasKey {
            profile.refuse("linuxConfiguration", "disablePasswordAuthentication needs ssh.publicKeys")
        }
        needsPassword = isWindows || !hasKey
        if let user = profile.string("adminUsername", limit: 64), user.isEmpty {
            profile.refuse("adminUsername", "must not be empty")
        }
    }
}
