// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a configuration file says, whichever syntax it is written in. Options are named as in the
// original's rc file, in lower case; nothing is typed or checked here.

namespace offlineimap::core {

/// Mappings from one text to another in their order: what `folders.rename` is.
using Mappings = std::vector<std::vector<std::pair<std::string, std::string>>>;

struct Value {
    std::string text = {};
    /// Set where the file itself has a list (a YAML sequence); `text` is empty then.
    std::optional<std::vector<std::string>> list = {};
    std::string where = {};  ///< "offlineimaprc:12"
    std::string problem =
        {};  ///< why it has no value (a bad %(reference)s): an error once it is used
    bool inherited = false;                 ///< from [DEFAULT], which every section gets
    bool is_python = false;                 ///< YAML's !python; in an rc file the option says so
    std::optional<Mappings> mappings = {};  ///< a YAML map, or a list of them, as a value
};

struct Entry {
    std::string name;
    Value value;
};

struct Section {
    std::string title;  ///< as the file calls it, for messages: "Account work"
    std::string name;   ///< "work"
    std::string where = {};
    std::vector<Entry> options = {};  ///< in the file's order, each name once

    /// nullptr: not set. Throws config if the value has a problem. Valid as long as the section.
    const Value* find(std::string_view option) const;
    bool has(std::string_view option) const noexcept;
    /// Sets or replaces.
    void set(std::string_view option, Value value);
    void erase(std::string_view option);
};

/// What an unknown option is: an error in YAML, a warning in an rc file, where the original took
/// everything.
enum class Syntax { rc, yaml };

struct Config {
    std::filesystem::path path;
    Syntax syntax = Syntax::rc;
    Section general;
    std::optional<Section> mbnames;
    std::vector<Section> accounts, repositories;
    std::vector<Section> interfaces;  ///< options of single user interfaces: "ui.blinkenlights"
    /// -f: the only folders to synchronise, by their remote, untranslated names.
    std::optional<std::vector<std::string>> only_folders;
    std::vector<std::string> warnings;  ///< to be shown once the user interface is there

    /// nullptr: there is none of that name.
    const Section* account(std::string_view name) const noexcept;
    const Section* repository(std::string_view name) const noexcept;
};

/// "offlineimaprc:12: [Account work] autorefresh", the beginning of an error text.
[[nodiscard]] std::string
place(const Section& section, std::string_view option, std::string_view where);

}  // namespace offlineimap::core
