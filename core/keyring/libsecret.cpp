// SPDX-License-Identifier: Apache-2.0
#include "desktop_keyring.hpp"

#include "core/process/interruptible.hpp"
#include "core/text/strings.hpp"

#include <boost/dll/shared_library.hpp>
#include <libsecret/secret.h>

#include <cstdlib>
#include <filesystem>

namespace offlineimap::core {

namespace {

/// The functions we call. Its header is enough to build with: a program that depended on the
/// library would start it, GLib and the bus for everybody who has a password file.
struct Libsecret {
    boost::dll::shared_library library {
        "libsecret-1.so.0", boost::dll::load_mode::search_system_folders};

    template <class Function> Function* function(const char* name) const
    {
        return &library.get<Function>(name);
    }
// NOLINTNEXTLINE(bugprone-macro-parentheses): they would be no declaration
#define OFFLINEIMAP_LIBSECRET(name) decltype(::name)* name = function<decltype(::name)>(#name)
    OFFLINEIMAP_LIBSECRET(secret_password_lookupv_sync);
    OFFLINEIMAP_LIBSECRET(secret_password_storev_sync);
    OFFLINEIMAP_LIBSECRET(secret_password_free);
    OFFLINEIMAP_LIBSECRET(g_hash_table_new);
    OFFLINEIMAP_LIBSECRET(g_hash_table_insert);
    OFFLINEIMAP_LIBSECRET(g_hash_table_unref);
    OFFLINEIMAP_LIBSECRET(g_str_hash);
    OFFLINEIMAP_LIBSECRET(g_str_equal);
    OFFLINEIMAP_LIBSECRET(g_error_free);
#undef OFFLINEIMAP_LIBSECRET
};

const Libsecret& libsecret()
{
    try {
        static const auto* const loaded = new Libsecret;  // its threads live as long as the process
        return *loaded;
    } catch (const std::exception&) {
        throw Error(Errc::auth, "ask the keyring: libsecret-1.so.0 is not installed");
    }
}

void expect_session_bus()
{
    if (std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr) return;
    const char* const run = std::getenv("XDG_RUNTIME_DIR");
    std::error_code ignored;
    if (run != nullptr && std::filesystem::exists(std::filesystem::path(run) / "bus", ignored))
        return;
    throw Error(Errc::auth, "ask the keyring: there is no session bus here");
}

/// As Python's keyring writes it.
const SecretSchema& schema()
{
    static const auto schema = [] {
        SecretSchema all {};
        all.name = "org.freedesktop.Secret.Generic";
        all.flags = SECRET_SCHEMA_DONT_MATCH_NAME;
        all.attributes[0] = {"service", SECRET_SCHEMA_ATTRIBUTE_STRING};
        all.attributes[1] = {"username", SECRET_SCHEMA_ATTRIBUTE_STRING};
        return all;
    }();
    return schema;
}

class Attributes {
public:
    Attributes(const Libsecret& lib, KeyringEntry entry)
        : lib_(lib)
        , entry_(std::move(entry))
        , table_(lib.g_hash_table_new(lib.g_str_hash, lib.g_str_equal))
    {
        insert("service", entry_.service);
        insert("username", entry_.user);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { lib_.g_hash_table_unref(table_); }
    [[nodiscard]] GHashTable* get() const noexcept { return table_; }

private:
    void insert(const char* name, std::string& value)
    {
        lib_.g_hash_table_insert(table_, const_cast<char*>(name), value.data());
    }

    const Libsecret& lib_;
    KeyringEntry entry_;
    GHashTable* table_;
};

void check(const Libsecret& lib, GError* error)
{
    if (error == nullptr) return;
    const std::string said = error->message;
    lib.g_error_free(error);
    throw Error(Errc::auth, concat("ask the keyring: ", said));
}

std::optional<std::string> look_up(const Libsecret& lib, const KeyringEntry& entry)
{
    const Attributes attributes(lib, entry);
    GError* error = nullptr;
    char* const found =
        lib.secret_password_lookupv_sync(&schema(), attributes.get(), nullptr, &error);
    check(lib, error);
    if (found == nullptr) return std::nullopt;
    std::string secret = found;
    lib.secret_password_free(found);
    return secret;
}

void put(const Libsecret& lib, const KeyringEntry& entry, const std::string& secret)
{
    const Attributes attributes(lib, entry);
    const auto label = concat("Password for '", entry.user, "' on '", entry.service, "'");
    GError* error = nullptr;
    lib.secret_password_storev_sync(
        &schema(), attributes.get(), SECRET_COLLECTION_DEFAULT, label.c_str(), secret.c_str(),
        nullptr, &error);
    check(lib, error);
}

class LibsecretKeyring final : public Keyring {
public:
    std::optional<std::string> find(const KeyringEntry& entry, const Cancel* cancel) override
    {
        expect_session_bus();
        return interruptible(cancel, [&lib = libsecret(), entry] { return look_up(lib, entry); });
    }
    void store(const KeyringEntry& entry, const std::string& secret, const Cancel* cancel) override
    {
        expect_session_bus();
        interruptible(cancel, [&lib = libsecret(), entry, secret] { put(lib, entry, secret); });
    }
};

}  // namespace

std::unique_ptr<Keyring> desktop_keyring()
{
    return std::make_unique<LibsecretKeyring>();
}

}  // namespace offlineimap::core
