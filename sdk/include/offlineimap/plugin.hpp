// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "error.hpp"
#include "types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#define OFFLINEIMAP_EXPORT __attribute__((visibility("default")))

namespace offlineimap {

class Repository;
class StatusStore;
class Ui;
class Script;

// ---------------------------------------------------------------- ABI stamp

/// Raised by any change that makes old binaries wrong. Plugin and core must agree exactly.
inline constexpr std::uint16_t abi_major = 1;
/// Raised by additions. A plugin may be older than the core, never newer.
inline constexpr std::uint16_t abi_minor = 1;

enum class StdLib : std::uint8_t { unknown, libstdcxx, libcxx };

/// Read by the core before anything else, so its layout never changes.
struct AbiStamp {
    char magic[8] = {'O', 'I', 'P', 'L', 'U', 'G', '\r', '\n'};
    std::uint16_t major = abi_major;
    std::uint16_t minor = abi_minor;
    StdLib std_lib;
    std::uint8_t new_strings;       ///< _GLIBCXX_USE_CXX11_ABI
    std::uint8_t debug_containers;  ///< _GLIBCXX_DEBUG
    std::uint8_t pointer_bits;
    std::uint32_t layout;  ///< hash over sizes of the types that cross
    const char* compiler;  ///< for messages only
};

template <class... Ts> constexpr std::uint32_t layout_hash() noexcept
{
    std::uint32_t h = 2166136261u;
    for (std::size_t n : {sizeof(Ts)..., alignof(Ts)...})
        h = (h ^ static_cast<std::uint32_t>(n)) * 16777619u;
    return h;
}

inline constexpr AbiStamp abi_stamp = {
#if defined(_LIBCPP_VERSION)
    .std_lib = StdLib::libcxx,
    .new_strings = 0,
#elif defined(__GLIBCXX__)
    .std_lib = StdLib::libstdcxx,
    .new_strings = _GLIBCXX_USE_CXX11_ABI,
#else
    .std_lib = StdLib::unknown,
    .new_strings = 0,
#endif
#ifdef _GLIBCXX_DEBUG
    .debug_containers = 1,
#else
    .debug_containers = 0,
#endif
    .pointer_bits = sizeof(void*) * 8,
    .layout = layout_hash<
        std::string, std::vector<int>, std::optional<int>, std::filesystem::path, Error, Message,
        MessageRef, FolderInfo>(),
    .compiler = __VERSION__,
};

// ------------------------------------------------------------------- schema

/// `size` is in bytes (`10M`), `seconds` in seconds, `path` has `~` and `$VAR` replaced, `list` is
/// comma-separated in an rc file, `secret` is never logged and only to be had from Host::secret().
enum class OptionType : std::uint8_t {
    text,
    secret,
    number,
    flag,
    size,
    seconds,
    path,
    list,
    choice
};

/// One setting a component understands. Plain literals only, so a table of
/// these is constant data and can be read without running plugin code.
struct Option {
    const char* name;
    OptionType type;
    const char* fallback;  ///< as written in YAML; nullptr = required, "" = may be absent
    const char* help;
    const char* choices = "";  ///< "a|b|c" for OptionType::choice
};

/// The validated settings of one component instance: every key is declared, every value has its
/// type, defaults are filled in. An option that the component's own section does not set is taken
/// from the account's, then from the general one (`fsync`, `socktimeout`). Asking for a name that
/// is not in the component's table is a bug (throws internal). Thread-safe.
class Settings {
public:
    virtual std::string text(std::string_view name) const = 0;  ///< also path and choice
    virtual std::int64_t
    number(std::string_view name) const = 0;  ///< also size (bytes) and seconds
    virtual bool flag(std::string_view name) const = 0;
    virtual std::vector<std::string> list(std::string_view name) const = 0;
    virtual bool has(std::string_view name) const noexcept = 0;
    virtual std::string where(std::string_view name) const = 0;  ///< "config.yaml:12" for messages

protected:
    ~Settings() = default;
};

// ------------------------------------------------------------ host services

/// How much a line matters; a debug line is written only where the user asked for it.
enum class Level : std::uint8_t { debug, info, warning, error };

/// Tells a plugin to stop. Thread-safe.
class Cancel {
public:
    virtual bool requested() const noexcept = 0;
    /// Becomes readable when requested; add it to every poll() that may wait long.
    virtual int fd() const noexcept = 0;
    void check() const
    {
        if (requested()) throw Error(Errc::cancelled, "cancelled");
    }

protected:
    ~Cancel() = default;
};

/// What the core offers one component instance. Thread-safe; outlives the instance.
class Host {
public:
    virtual const Settings& settings() const noexcept = 0;
    virtual bool logs(Level) const noexcept = 0;
    /// One line, without a secret; control characters in it are replaced before anybody sees them.
    virtual void log(Level, std::string_view text) noexcept = 0;
    /// The value of a secret option: from the config, a command, a keyring or
    /// the user. `fresh`: the last answer was refused, do not repeat it. Blocks;
    /// throws auth when nobody can answer, cancelled on cancel.
    virtual std::string secret(std::string_view option, std::string_view reason, bool fresh) = 0;
    /// Yes or no from the user; `otherwise` when nobody can be asked.
    virtual bool confirm(std::string_view question, bool otherwise) = 0;
    /// Where this instance keeps what it must remember; exists, mode 0700. In the original's tree:
    /// <metadata>/Repository-<name> for a repository, <metadata>/Account-<name> for a status store.
    virtual std::filesystem::path state_dir() const = 0;

    /// Whether the user wants to know where the time goes (-P).
    virtual bool traces() const noexcept { return false; }
    /// Something took from `begin` until now: a command, a flush, a transaction. `what`
    /// is the same text for the same kind of thing, without a secret. Nothing where nobody traces.
    virtual void
    trace(std::string_view /*what*/, std::chrono::steady_clock::time_point /*begin*/) noexcept
    {
    }

    // New services go below this line; each raises abi_minor.

    /// From now on nobody is shown this text, wherever it turns up: a secret that did not come from
    /// secret(), a token for example.
    virtual void withhold(std::string_view) noexcept { }

protected:
    ~Host() = default;
};

/// Traces what is done while it lives, on the thread that it lives on.
class Span {
public:
    /// `host` and the text outlive it.
    Span(Host& host, std::string_view what) : host_(host), what_(what) { }
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;
    ~Span() { host_.trace(what_, begin_); }

private:
    Host& host_;
    std::string_view what_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Root of everything a plugin implements.
class OFFLINEIMAP_EXPORT Interface {
public:
    Interface() = default;
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;
    virtual ~Interface() = default;
    /// Optional interfaces invented after this header: the core asks by name
    /// and versioned type, an older plugin answers nullptr.
    virtual void* facet(std::string_view) noexcept { return nullptr; }
};

// --------------------------------------------------------------- descriptor

enum class Kind : std::uint32_t { repository = 1, status = 2, ui = 3, script = 4 };

/// One thing a plugin provides, named by `type:` in the config. The constructor of what it makes
/// does no I/O and may throw Error{config}; the caller owns the result and keeps Host alive beyond
/// it.
struct Component {
    Kind kind;
    const char* type;
    const char* summary;
    const Option* options;
    std::size_t option_count;
    union {
        std::unique_ptr<Repository> (*repository)(Host&);
        std::unique_ptr<StatusStore> (*status)(Host&);
        std::unique_ptr<Ui> (*ui)(Host&);
        std::unique_ptr<Script> (*script)(Host&);
    } make;
};

/// What the library's one exported symbol holds: constant data, for the life of the process.
struct Plugin {
    AbiStamp abi;  ///< first, always
    const char* name;
    const char* version;
    const char* license;  ///< SPDX expression
    const Component* components;
    std::size_t component_count;
};

/// Component table entries: `component<ImapRepository>("imap", "...", options)`.
template <class T, std::size_t N>
constexpr Component component(const char* type, const char* summary, const Option (&options)[N])
{
    Component c {T::plugin_kind, type, summary, options, N, {}};
    if constexpr (T::plugin_kind == Kind::repository)
        c.make.repository = [](Host& h) -> std::unique_ptr<Repository> {
            return std::make_unique<T>(h);
        };
    else if constexpr (T::plugin_kind == Kind::status)
        c.make.status = [](Host& h) -> std::unique_ptr<StatusStore> {
            return std::make_unique<T>(h);
        };
    else if constexpr (T::plugin_kind == Kind::script)
        c.make.script = [](Host& h) -> std::unique_ptr<Script> { return std::make_unique<T>(h); };
    else
        c.make.ui = [](Host& h) -> std::unique_ptr<Ui> { return std::make_unique<T>(h); };
    return c;
}

}  // namespace offlineimap

// A plugin library exports exactly one symbol. Linked statically, each plugin
// gets its own, and the build lists them in a generated table.
#define OFFLINEIMAP_PLUGIN_SYMBOL_STRING "offlineimap_plugin"
#ifdef OFFLINEIMAP_STATIC_PLUGIN
#define OFFLINEIMAP_PLUGIN_SYMBOL(id) offlineimap_plugin_##id
#else
#define OFFLINEIMAP_PLUGIN_SYMBOL(id) offlineimap_plugin
#endif

#define OFFLINEIMAP_PLUGIN(id, version, license, components)                                       \
    extern "C" {                                                                                   \
    OFFLINEIMAP_EXPORT extern const ::offlineimap::Plugin OFFLINEIMAP_PLUGIN_SYMBOL(id);           \
    constinit const ::offlineimap::Plugin OFFLINEIMAP_PLUGIN_SYMBOL(id) = {                        \
        ::offlineimap::abi_stamp, #id, version, license, components, std::size(components)};       \
    }
