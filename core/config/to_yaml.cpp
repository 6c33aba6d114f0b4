// SPDX-License-Identifier: Apache-2.0
#include "to_yaml.hpp"

#include "known_options.hpp"
#include "literal.hpp"
#include "python_rules.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <iterator>

namespace offlineimap::core {

namespace {

bool is_plain(std::string_view text)
{
    constexpr std::string_view harmless = "._/~@+-$";
    const auto fits = [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || harmless.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, fits) && text.front() != '-'
        && text.front() != '@' && text != "~" && lower(text) != "null";
}

/// As a YAML scalar that reads as exactly this text.
std::string scalar(std::string_view text)
{
    if (is_plain(text)) return std::string(text);
    const bool single = std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
    std::string result(1, single ? '\'' : '"');
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (single)
            result += c == '\'' ? std::string("''") : std::string {c};
        else if (c == '"' || c == '\\')
            result.append({'\\', c});
        else if (c == '\n')
            result += "\\n";
        else if (byte < ' ' || byte == 0x7f)
            result.append({'\\', 'x', digits[byte >> 4], digits[byte & 15]});
        else
            result += c;
    }
    return result + (single ? '\'' : '"');
}

std::string sequence(const std::vector<std::string>& items)
{
    std::vector<std::string> written;
    written.reserve(items.size());
    for (const auto& item : items)
        written.push_back(scalar(item));
    return concat("[", join(written, ", "), "]");
}

std::string mapping(const std::vector<std::pair<std::string, std::string>>& step)
{
    std::vector<std::string> written;
    written.reserve(step.size());
    for (const auto& [from, to] : step)
        written.push_back(concat(scalar(from), ": ", scalar(to)));
    return concat("{", join(written, ", "), "}");
}

std::string mappings(const Mappings& steps)
{
    if (steps.size() == 1) return mapping(steps.front());
    std::vector<std::string> written;
    for (const auto& step : steps)
        written.push_back(mapping(step));
    return concat("[", join(written, ", "), "]");
}

/// A comment must not end where a text has a line end.
std::string one_line(std::string text)
{
    std::ranges::replace(text, '\n', ' ');
    return text;
}

class Converter {
public:
    Converter(const Config& config, const SyntaxTree& syntax_tree, const KnownNames& known)
        : config_(config), syntax_tree_(syntax_tree), known_(known)
    {
    }

    Converted convert()
    {
        line(0, "general:");
        options(config_.general, SectionKind::general, known_names(SectionKind::general), 2);
        if (config_.mbnames) {
            line(0, "\nmbnames:");
            options(*config_.mbnames, SectionKind::mbnames, known_names(SectionKind::mbnames), 2);
        }
        sections("\naccounts:", config_.accounts, SectionKind::account);
        sections("\nrepositories:", config_.repositories, SectionKind::repository);
        if (!config_.interfaces.empty()) {
            line(0, "\nui:");
            for (const auto& section : config_.interfaces) {
                line(2, concat(scalar(section.title.substr(3)), ":"));
                for (const auto& [name, value] : section.options)
                    line(4, concat(name, ": ", scalar(value.text)));
            }
        }
        return std::move(result_);
    }

private:
    void line(std::size_t indent, std::string_view text)
    {
        result_.yaml += concat(std::string(indent, ' '), text, "\n");
    }

    void sections(std::string_view heading, const std::vector<Section>& all, SectionKind kind)
    {
        if (all.empty()) return;
        line(0, heading);
        for (const auto& section : all) {
            line(2, concat(scalar(section.name), ":"));
            const auto known =
                kind == SectionKind::repository ? known_(section) : of_account(section);
            options(section, kind, known, 4);
        }
    }

    void options(
        const Section& section, SectionKind kind, const std::vector<std::string>& known,
        std::size_t indent)
    {
        for (const auto& [name, value] : section.options) {
            const bool is_known = std::ranges::find(known, name) != known.end();
            if (value.inherited && (!is_known || is_retired(name, known))) continue;
            if (!value.problem.empty())
                remark(section, name, value, value.problem, indent);
            else if (!is_known)
                remark(section, name, value, "is unknown, and left out", indent);
            else if (is_retired(name, known))
                remark(section, name, value, "does nothing any more, and is left out", indent);
            else
                option(section, kind, name, value, indent);
        }
    }

    /// What its repositories do not say themselves, they take from their account.
    std::vector<std::string> of_account(const Section& account) const
    {
        auto known = known_names(SectionKind::account);
        const auto of_repositories = names_in_repositories_of(account);
        for (const auto& [name, value] : account.options) {
            const bool is_theirs = std::ranges::find(of_repositories, name) != of_repositories.end()
                && find_expression_option(SectionKind::repository, name) == nullptr;
            if (is_theirs && !value.inherited) known.push_back(name);
        }
        return known;
    }

    std::vector<std::string> names_in_repositories_of(const Section& account) const
    {
        std::vector<std::string> all;
        for (const auto& [side, name] : account.options) {
            if (side != "localrepository" && side != "remoterepository") continue;
            const auto* repository = config_.repository(name.text);
            if (repository == nullptr) continue;
            const auto names = known_(*repository);
            std::ranges::copy_if(names, std::back_inserter(all), [&](const std::string& option) {
                return !is_retired(option, names);
            });
        }
        return all;
    }

    /// A component's own option may have the name of one that does nothing elsewhere, as the "sep"
    /// of a Maildir and of [mbnames]: then it is known twice.
    static bool is_retired(const std::string& name, const std::vector<std::string>& known)
    {
        return std::ranges::find(retired_options(), name) != retired_options().end()
            && std::ranges::count(known, name) == 1;
    }

    void option(
        const Section& section, SectionKind kind, const std::string& name, const Value& value,
        std::size_t indent)
    {
        const auto* expression = find_expression_option(kind, name);
        if (expression == nullptr)
            line(indent, concat(name, ": ", scalar(value.text)));
        else if (!literal(name, value, indent) && !rules(section, kind, name, indent)) {
            line(indent, concat(name, ": !python ", scalar(value.text)));
            remark(section, name, value, "stays a Python expression", indent);
        }
    }

    /// A constant needs no Python. One that stands for another option takes its name.
    bool literal(const std::string& name, const Value& value, std::size_t indent)
    {
        const auto constant = python_literal(value.text);
        if (!constant) return false;
        if (name == "folderfilter" || name == "nametrans") return false;
        if (name.find("eval") != std::string::npos) return false;
        if (const auto* text = std::get_if<std::string>(&*constant))
            line(indent, concat(name, ": ", scalar(*text)));
        else if (const auto* list = std::get_if<std::vector<std::string>>(&*constant))
            line(indent, concat(name, ": ", sequence(*list)));
        else
            return false;
        return true;
    }

    bool
    rules(const Section& section, SectionKind kind, const std::string& name, std::size_t indent)
    {
        const bool filter = name == "folderfilter";
        if (kind != SectionKind::repository || (!filter && name != "nametrans")) return false;
        const auto tree = syntax_tree_(section, name);
        if (!tree) return false;
        if (filter) return filter_lines(filter_rules(*tree), indent);
        const auto names = rename_rules(*tree);
        if (names && !names->empty()) line(indent, concat("folders.rename: ", mappings(*names)));
        return names.has_value();
    }

    bool filter_lines(const std::optional<FilterRules>& rules, std::size_t indent)
    {
        if (!rules) return false;
        if (!rules->include.empty())
            line(indent, concat("folders.include: ", sequence(rules->include)));
        if (!rules->exclude.empty())
            line(indent, concat("folders.exclude: ", sequence(rules->exclude)));
        return true;
    }

    void remark(
        const Section& section, const std::string& name, const Value& value, std::string_view what,
        std::size_t indent)
    {
        line(indent, concat("# ", name, " ", one_line(std::string(what))));
        result_.remarks.push_back(concat(place(section, name, value.where), ": ", what));
    }

    const Config& config_;
    const SyntaxTree& syntax_tree_;
    const KnownNames& known_;
    Converted result_;
};

}  // namespace

Converted to_yaml(const Config& config, const SyntaxTree& syntax_tree, const KnownNames& known)
{
    return Converter(config, syntax_tree, known).convert();
}

}  // namespace offlineimap::core
