// SPDX-License-Identifier: Apache-2.0
#include "folder_patterns.hpp"
#include "folder_renames.hpp"
#include "python_rules.hpp"
#include "python_tree.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace offlineimap::core {

namespace {

using namespace python;
using Renaming = std::pair<std::string, std::string>;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// The digit for `\g<...>`, by number or by name.
std::string group_digit(const std::string& name, const RE2& pattern)
{
    const auto& named = pattern.NamedCapturingGroups();
    const auto found = named.find(name);
    auto digit = found != named.end() ? std::to_string(found->second) : name;
    if (digit.size() != 1 || !is_digit(digit[0]) || digit == "0") throw TooMuch();
    return digit;
}

/// What Python writes for a match, as rules do.
std::string rewrite(const std::string& text, const RE2& pattern)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        result += text[i];
        if (text[i] != '\\') continue;
        const char next = ++i < text.size() ? text[i] : '\0';
        if (next == 'g' && i + 1 < text.size() && text[i + 1] == '<') {
            const auto end = text.find('>', i);
            if (end == std::string::npos) throw TooMuch();
            result += group_digit(text.substr(i + 2, end - i - 2), pattern);
            i = end;
        } else {
            const bool group = next >= '1' && next <= '9';
            const bool longer = i + 1 < text.size() && is_digit(text[i + 1]);
            if ((!group || longer) && next != '\\') throw TooMuch();
            result += next;
        }
    }
    return result;
}

std::string without_groups(const std::string& text)
{
    std::string result;
    for (const char c : text)
        result += c == '\\' ? std::string("\\\\") : std::string {c};
    return result;
}

/// Each name once, with the last value, as Python has it.
void set(std::vector<Renaming>& names, const std::string& name, std::string value)
{
    const auto known = std::ranges::find(names, name, &Renaming::first);
    if (known == names.end())
        names.emplace_back(name, std::move(value));
    else
        known->second = std::move(value);
}

class RenameReader {
public:
    explicit RenameReader(std::string parameter) : parameter_(std::move(parameter)) { }

    Mappings read(const Json& node) const
    {
        if (is_name(node)) return {};
        if (is(node, "IfExp")) return read_condition(node);
        if (is(node, "BinOp") && node["op"] == "Add") return read_sum(node);
        if (is(node, "BinOp") && node["op"] == "Mod") return read_format(node, "%s");
        if (is(node, "JoinedStr")) return read_joined(node["values"]);
        if (is(node, "Subscript")) return read_slice(node);
        if (const auto found = substitution(node)) return read_substitution(*found);
        if (is_method(node, "replace")) return read_replacement(node);
        if (is_method(node, "get")) return read_lookup(node);
        if (is_method(node, "format") && node["args"].size() == 1) return read_format(node, "{}");
        throw TooMuch();
    }

private:
    static Mappings then(Mappings steps, std::string pattern, std::string name)
    {
        steps.push_back({{std::move(pattern), std::move(name)}});
        // Also what the rules themselves refuse.
        try {
            static_cast<void>(FolderRenames(steps, ""));
        } catch (const Error&) {
            throw TooMuch();
        }
        return steps;
    }

    Mappings read_substitution(const Substitution& what) const
    {
        const auto expression = what.pattern.for_re2();
        const bool once =
            what.pattern.text.starts_with('^') && what.pattern.text.find('|') == std::string::npos;
        // An expression that matches nothing at all is replaced elsewhere by RE2 than by Python.
        if (!once && RE2::PartialMatch("", "^(?:" + expression + ")$")) throw TooMuch();
        const auto compiled = compiled_pattern(expression, "");
        return then(
            read(what.subject), concat("/", expression, "/"), rewrite(what.text, *compiled));
    }

    Mappings read_replacement(const Json& call) const
    {
        if (call["args"].size() != 2) throw TooMuch();
        const auto from = constant(call["args"][0]);
        if (from.empty()) throw TooMuch();
        return then(
            read(call["func"]["value"]), concat("/", quoted_pattern(from), "/"),
            without_groups(constant(call["args"][1])));
    }

    static Mappings between(const std::string& before, Mappings steps, const std::string& after)
    {
        if (before.empty() && after.empty()) return steps;
        if ((before + after).find('*') != std::string::npos) throw TooMuch();
        return then(std::move(steps), "*", concat(before, "*", after));
    }

    Mappings read_sum(const Json& sum) const
    {
        if (is(sum["left"], "Constant"))
            return between(constant(sum["left"]), read(sum["right"]), "");
        return between("", read(sum["left"]), constant(sum["right"]));
    }

    /// `'before%safter' % f`, `'before{}after'.format(f)`.
    Mappings read_format(const Json& node, std::string_view mark) const
    {
        const bool percent = mark == "%s";
        const auto text = constant(percent ? node["left"] : node["func"]["value"]);
        const auto at = text.find(mark);
        if (at == std::string::npos) throw TooMuch();
        const auto before = text.substr(0, at), after = text.substr(at + mark.size());
        if ((before + after).find_first_of(percent ? "%" : "{}") != std::string::npos)
            throw TooMuch();
        return between(before, read(percent ? node["right"] : node["args"][0]), after);
    }

    /// f'before{f}after'
    Mappings read_joined(const Json& parts) const
    {
        std::string before, after;
        const Json* value = nullptr;
        for (const auto& part : parts) {
            const bool formatted = is(part, "FormattedValue");
            if (formatted && (value || part["conversion"] != -1 || !part["format_spec"].is_null()))
                throw TooMuch();
            if (formatted)
                value = &part["value"];
            else
                (value ? after : before) += constant(part);
        }
        if (!value) throw TooMuch();
        return between(before, read(*value), after);
    }

    /// How many characters x[n:] leaves out, and of what; nullopt: another slice.
    struct Tail {
        long from;
        const Json& of;
    };
    static std::optional<Tail> tail(const Json& node)
    {
        if (!is(node, "Subscript") || !is(node["slice"], "Slice")) return std::nullopt;
        const auto& slice = node["slice"];
        if (!slice["upper"].is_null() || !slice["step"].is_null()) return std::nullopt;
        const auto& lower = slice["lower"];
        auto from = whole_number(lower);
        const bool length = is(lower, "Call") && is(lower["func"], "Name")
            && lower["func"]["id"] == "len" && lower["args"].size() == 1;
        if (length) from = characters(constant(lower["args"][0]));
        if (!from || *from <= 0) return std::nullopt;
        return Tail {*from, node["value"]};
    }

    static long characters(const std::string& text)
    {
        return std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; });
    }

    Mappings read_slice(const Json& node) const
    {
        const auto found = tail(node);
        if (!found) throw TooMuch();
        return then(read(found->of), concat("/^(?s:.{0,", std::to_string(found->from), "})/"), "");
    }

    /// `{...}.get(f, otherwise)`.
    Mappings read_lookup(const Json& call) const
    {
        const auto &arguments = call["args"], &dictionary = call["func"]["value"];
        if (arguments.size() != 2 || !is_name(arguments[0]) || !is(dictionary, "Dict"))
            throw TooMuch();
        std::vector<Renaming> names;
        for (std::size_t i = 0; i < dictionary["keys"].size(); ++i)
            set(names, constant(dictionary["keys"][i]), constant(dictionary["values"][i]));
        return first_of(names, read(arguments[1]));
    }

    /// `'new' if f == 'old' else otherwise`, and the like with a list or a beginning.
    Mappings read_condition(const Json& node) const
    {
        const auto& test = node["test"];
        if (is(test, "UnaryOp") && test["op"] == "Not")
            return read_condition(
                {{"test", test["operand"]}, {"body", node["orelse"]}, {"orelse", node["body"]}});
        if (is_method(test, "startswith")) return read_beginning(node);
        if (!is(test, "Compare") || test["ops"].size() != 1 || !is_name(test["left"]))
            throw TooMuch();
        const auto op = test["ops"][0].get<std::string>();
        const auto& right = test["comparators"][0];
        const bool one = op == "Eq" || op == "NotEq";
        if (!one && op != "In" && op != "NotIn") throw TooMuch();
        const auto listed = one ? std::vector {constant(right)} : constants(right);
        const bool positive = op == "Eq" || op == "In";
        const auto& value = node[positive ? "body" : "orelse"];
        std::vector<Renaming> names;
        for (const auto& name : listed)
            set(names, name, value_for(name, value));
        return first_of(names, read(node[positive ? "orelse" : "body"]));
    }

    std::string value_for(const std::string& name, const Json& value) const
    {
        if (is(value, "Constant")) return constant(value);
        return FolderRenames(read(value), "").renamed(name);
    }

    /// Literal names, before the others; the later steps must leave the new names alone.
    static Mappings first_of(const std::vector<Renaming>& names, Mappings others)
    {
        for (const auto& [name, value] : names)
            if (name.find_first_of("*?") != name.npos || value.find('*') != value.npos
                || regular_expression(name))
                throw TooMuch();
        if (others.empty()) return {names};
        const Mappings later(others.begin() + 1, others.end());
        const FolderRenames rest(later, "");
        for (const auto& [name, value] : names)
            if (rest.renamed(value) != value) throw TooMuch();
        others.front().insert(others.front().begin(), names.begin(), names.end());
        return others;
    }

    /// `... if f.startswith('x') else otherwise`: one rule for these names, before the others.
    Mappings read_beginning(const Json& node) const
    {
        const auto& test = node["test"];
        if (test["args"].size() != 1 || !is_name(test["func"]["value"])) throw TooMuch();
        const auto rule = rule_for(constant(test["args"][0]), node["body"]);
        auto others = read(node["orelse"]);
        if (others.size() > 1) throw TooMuch();
        if (others.empty()) others.emplace_back();
        others.front().insert(others.front().begin(), rule);
        return others;
    }

    Renaming rule_for(const std::string& beginning, const Json& value) const
    {
        const auto start = concat("/^", quoted_pattern(beginning));
        if (is_name(value)) return {start + "/", without_groups(beginning)};
        const bool sum =
            is(value, "BinOp") && value["op"] == "Add" && is(value["left"], "Constant");
        const auto& rest = sum ? value["right"] : value;
        const auto before = sum ? constant(value["left"]) : std::string();
        if (sum && is_name(rest)) return {start + "/", without_groups(before + beginning)};
        if (const auto found = tail(rest);
            found && is_name(found->of) && found->from == characters(beginning))
            return {start + "/", without_groups(before)};
        // A rule that leaves names alone that begin otherwise needs no condition.
        const auto steps = read(value);
        if (steps.size() == 1 && steps[0].size() == 1 && steps[0][0].first.starts_with(start)
            && steps[0][0].first.find('|') == std::string::npos)
            return steps[0][0];
        throw TooMuch();
    }

    bool is_name(const Json& node) const { return is(node, "Name") && node["id"] == parameter_; }

    std::string parameter_;
};

}  // namespace

std::optional<Mappings> rename_rules(std::string_view syntax_tree)
{
    try {
        const auto [parameter, body] = function(syntax_tree);
        return RenameReader(parameter).read(body);
    } catch (const TooMuch&) {
        return std::nullopt;
    }
}

}  // namespace offlineimap::core
