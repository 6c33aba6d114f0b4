// SPDX-License-Identifier: Apache-2.0
#include "desktop_keyring.hpp"

#include <offlineimap/error.hpp>

namespace offlineimap::core {

namespace {

class NoKeyring final : public Keyring {
public:
    std::optional<std::string> find(const KeyringEntry&, const Cancel*) override { fail(); }
    void store(const KeyringEntry&, const std::string&, const Cancel*) override { fail(); }

private:
    [[noreturn]] static void fail()
    {
        throw Error(Errc::auth, "ask the keyring: this program was built without libsecret");
    }
};

}  // namespace

std::unique_ptr<Keyring> desktop_keyring()
{
    return std::make_unique<NoKeyring>();
}

}  // namespace offlineimap::core
