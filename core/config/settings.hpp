// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "known_options.hpp"
#include "model.hpp"

#include <offlineimap/plugin.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace offlineimap::core {

/// Whether options of the own section that no table has are looked for: an error in YAML, a warning
/// in an rc file. `pass_over` is for a component that shares its section with others.
enum class UnknownOptions { check, pass_over };

/// Where a component's settings come from. Nothing of it is kept.
struct SettingsSource {
    /// The component's own section first, then those it falls back on (account, general).
    std::vector<const Section*> chain = {};
    Syntax syntax = Syntax::rc;
    SectionKind kind = SectionKind::repository;  ///< of the own section
    Script* script = nullptr;                    ///< for expressions in an rc file
    UnknownOptions unknown_options = UnknownOptions::check;
    std::span<const Option> also_known = {};  ///< what others understand in the own section
};

/// The typed values of a component's option table. The constructor reads and checks all of them
/// and throws config at the first that is missing, unknown (YAML) or makes no sense.
class SectionSettings final : public Settings {
public:
    SectionSettings(std::span<const Option> options, const SettingsSource& source);

    std::string text(std::string_view name) const override;
    std::int64_t number(std::string_view name) const override;
    bool flag(std::string_view name) const override;
    std::vector<std::string> list(std::string_view name) const override;
    /// True if it is set or has a default; for a secret, if the configuration says where it is.
    bool has(std::string_view name) const noexcept override;
    std::string where(std::string_view name) const override;

    /// Gives a text option a value from outside the configuration, if the table has it and nothing
    /// else sets it. Before the settings are handed out.
    void supply(std::string_view name, std::string text, std::string where);

    /// Unknown options of an rc file, a sentence each.
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    using Typed =
        std::variant<std::monostate, std::string, std::int64_t, bool, std::vector<std::string>>;
    struct Item {
        Typed value;  ///< monostate: absent
        std::string where = "default";
        bool is_secret = false;
    };
    template <class T> T get(std::string_view name) const;
    const Item& item(std::string_view name) const;

    std::map<std::string, Item, std::less<>> items_;
    std::vector<std::string> warnings_;
};

/// What `section` itself sets and none of the tables has: a sentence each, "file:12: [Account work]
/// unknown option "quik", did you mean "quick"".
/// `known` is known_names().
[[nodiscard]] std::vector<std::string>
unknown_options(const Section& section, std::span<const std::string> known);

}  // namespace offlineimap::core
