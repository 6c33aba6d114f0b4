// SPDX-License-Identifier: Apache-2.0
#include "netrc.hpp"

#include "values.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <optional>

namespace offlineimap::core {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Reads words from the front of a text.
class NetrcReader {
public:
    explicit NetrcReader(std::string_view text) : rest_(text) { }

    std::vector<NetrcEntry> read()
    {
        while (const auto word = next_word()) {
            if (*word == "machine")
                entries_.push_back({.machine = lower(value())});
            else if (*word == "default")
                entries_.push_back({.machine = std::nullopt});
            else if (*word == "macdef")
                skip_macro();
            else if (word->starts_with('#'))
                skip_line();
            else
                read_field(*word);
        }
        return std::move(entries_);
    }

private:
    void read_field(std::string_view word)
    {
        if (entries_.empty()) return;
        auto& entry = entries_.back();
        if (word == "login" || word == "user")
            entry.login = value();
        else if (word == "account")
            entry.account = value();
        else if (word == "password")
            entry.password = value();
    }

    std::string value() { return next_word().value_or(""); }

    std::optional<std::string> next_word()
    {
        const auto begin = rest_.find_first_not_of(blanks);
        if (begin == std::string_view::npos) return std::nullopt;
        rest_.remove_prefix(begin);
        word_ = rest_;
        if (rest_.front() == '"') return quoted_word();
        const auto word = rest_.substr(0, rest_.find_first_of(blanks));
        rest_.remove_prefix(word.size());
        return std::string(word);
    }

    std::string quoted_word()
    {
        std::string word;
        std::size_t i = 1;
        for (; i < rest_.size() && rest_[i] != '"'; ++i) {
            if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
            word += rest_[i];
        }
        rest_.remove_prefix(std::min(i + 1, rest_.size()));
        return word;
    }

    /// From where the last word began: a comment may be a single "#".
    void skip_line()
    {
        rest_ = word_;
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }

    /// A macro ends with an empty line.
    void skip_macro()
    {
        const auto end = std::min(rest_.find("\n\n"), rest_.find("\n\r\n"));
        rest_.remove_prefix(std::min(end, rest_.size()));
    }

    std::string_view rest_, word_;
    std::vector<NetrcEntry> entries_;
};

}  // namespace

std::vector<NetrcEntry> parse_netrc(std::string_view text)
{
    return NetrcReader(text).read();
}

const NetrcEntry* find_netrc_entry(
    const std::vector<NetrcEntry>& entries, std::string_view machine, std::string_view login)
{
    const std::optional<std::string> wanted_machines[] {lower(machine), std::nullopt};
    for (const auto& wanted : wanted_machines) {
        const auto found = std::ranges::find_if(entries, [&](const NetrcEntry& entry) {
            const bool fits = login.empty() || entry.login.empty() || entry.login == login;
            return entry.machine == wanted && fits;
        });
        if (found != entries.end()) return &*found;
    }
    return nullptr;
}

std::vector<std::filesystem::path> netrc_files()
{
    return {expand_home("~/.netrc"), "/etc/netrc"};
}

}  // namespace offlineimap::core
