/// The key of the service account that the fake knows, made for tests and of use nowhere else.
enum FakeGoogleKey {
    static let id = "4f9a1c7e"
    static let email = "muster@fake-project.iam.gserviceaccount.com"

    /// Its modulus, as a JSON Web Key has it.
    static let modulus = [
        "kxr4ilDLsHv06swNcwSahUAkjr4hYaP2YA2eEUodg6QYBHVhwRQvNtZyJJJy7qZTopb6dyOMYZWkhGM8",
        "2OgAsjcUPhYCYxI1_Z1pjT3R6gfk909MMlNfC97dOMyOSc4XEy81zEbE5I4v7tFcNbCrZzbmS-LeTPi8",
        "qfjDGPHAJORbrz7ojtTh6XF8yHbPenYtuTwJ5PRaDxusPY5LlrdIR6HGY2C6C9B4wbNaOU_fItYN89Zm",
        "iXugQ9AKZe4ipANp-UhtBiWZ1ELcox27LGz64xG6eWqzpwZ2ADr_O3lCEBQEbByLTovgvKVBe3uWzIWU",
        "sTGY1PHyoMeEG1sp65m_IQ",
    ].joined()

    static let pem = """
        -----BEGIN PRIVATE KEY-----
        MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCTGviKUMuwe/Tq
        zA1zBJqFQCSOviFho/ZgDZ4RSh2DpBgEdWHBFC821nIkknLuplOilvp3I4xhlaSE
        YzzY6ACyNxQ+FgJjEjX9nWmNPdHqB+T3T0wyU18L3t04zI5JzhcTLzXMRsTkji/u
        0Vw1sKtnNuZL4t5M+Lyp+MMY8cAk5FuvPuiO1OHpcXzIds96di25PAnk9FoPG6w9
        jkuWt0hHocZjYLoL0HjBs1o5T98i1g3z1maJe6BD0Apl7iKkA2n5SG0GJZnUQtyj
        HbssbPrjEbp5arOnBnYAOv87eUIQFARsHItOi+C8pUF7e5bMhZSxMZjU8fKgx4Qb
        Wynrmb8hAgMBAAECggEAIUh8626UZ33kUCuS728fNv7oRpOmId1jJSBvnyHRw7Mg
        7AFS+MiEVjf242dvMafYTHU0fjhAzuN4satyXPFBFxF3NwTrzVaVeKhg9WADWpwm
        pf3/E3PhkWH/U5aUqwZCGkkYNvvcGIpDNhmQb2Vlopi9SnYuLeQpa5upKL+p5a6d
        aD5oZT6xz5E91AQFTBg2kISFalMcAiX/k+GmZ3Qi0OTwVOvj4FBnfunP5ZLBQdql
        ncgfcQtXt9rh2Jk9s3HlZjlvzonwkk++YA4VjOzJLHjw08NqoLLGqQFwP7n1st2A
        c4SIF9+PWQNP8ihwnU1qB7GHk1QJmk98AV/0T8HOsQKBgQDHAuyMVL0efcdOqUaT
        MS0G1L68nSxfgnk2sgAS0JS3F5puy1FzSlDA3qL+8GUnK9eSLR+0vJaHzOM9YdG6
        elRicJ8KBxz9yDLcXM1IzvAvMd7SxAypkHZN9eUYmraVj+h00b60uNDpS8vhO2qQ
        uhumu+tCYS6zuxrC3WnDsK5eDwKBgQC9Ou5IjR3tBhiUpuzzJrr7yZKJ3VpXsAbo
        1ydI+9GXYpVxhyLxvcPQNRU2Eqj+vUNGYvaNdJcL1zd+KQEFHvyRTbStX2jBIJFE
        TQFHJtJkW+ADLn3nNirte4VSi93buPM4kla7XmuhurIiWTJ4IGXMK1ruBVhCCIfW
        bZgT2So/zwKBgHQfp6mm1IeTOxYSPiUrP6vJvdZPHBJLDrG0ochYvz4q3qkhqFBO
        n9o6zv9VhKCbu3kHLYYHuQpaqooppvhZ4x1hu9tdFTScedkNqZd/cLUJM4zmasES
        k4WgIuL9e+a/hxOLQ+0uHnDTEo9FXUQ/5FyhMICWNmsXlWD5U3qlgMlPAoGAfwh8
        xr/VgzVAcyrMjz9E75sWgO7Uo2FMgitN+DT1M0e/Q4OQ9fCK789y+eX1BW5RJ4Nw
        OO44KH7Ghi9IvANdUr5zuKAAVwZh/xQi830gaLc0323qn7lBgEQX8J5sxgCXZzb2
        erqcTupig6SVuQcmz7WbSYbVBR9s8YqJOWnkbwkCgYB5I3V0Qdh9tH1JYoF7IXHi
        C1Yh0OYeb+rDFy2dny3SBX8rvZyUiaDhr791JSZ5voozKKPJwyuQfZ9VyH4KxJtC
        J/a/UU3dlwHSlD0XBw4KRy0+H7wGmj2CJX+t4amuG2RBnXOcZpm/tzfgpSDQRa57
        UrGNTlel/TjKk7tJPqWLJA==
        -----END PRIVATE KEY-----
        """
}
