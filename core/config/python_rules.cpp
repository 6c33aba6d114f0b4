// SPDX-License-Identifier: Apache-2.0
#include "python_rules.hpp"

#include "folder_patterns.hpp"
#include "folder_renames.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace offlineimap::core {

namespace {

using Json = nlohmann::json;

/// More than rules can say.
struct TooMuch { };

bool is(const Json& node, const char* kind)
{
    return node.is_object() && node.value("node", "") == kind;
}

std::string constant(const Json& node)
{
    if (!is(node, "Constant") || !node["value"].is_string()) throw TooMuch();
    return node["value"].get<std::string>();
}

/// The texts of a list, a tuple, a set, or the keys of a dictionary.
std::vector<std::string> constants(const Json& node)
{
    const bool list = is(node, "List") || is(node, "Tuple") || is(node, "Set");
    if (!list && !is(node, "Dict")) throw TooMuch();
    std::vector<std::string> texts;
    for (const auto& item : node[list ? "elts" : "keys"])
        texts.push_back(constant(item));
    return texts;
}

std::string exact(const std::string& name)
{
    const bool plain = !name.empty() && name.find_first_of("*?") == name.npos && name[0] != '!'
        && !regular_expression(name);
    return plain ? name : concat("/^", quoted_pattern(name), "$/");
}

bool is_plain(const std::string& text)
{
    return !text.empty() && text.find_first_of("*?!/") == text.npos;
}

/// RE2 must take it, and it must mean the same to both.
std::string checked(const std::string& expression)
{
    for (const std::string_view unlike : {"\\Z", "(?P=", "(?#", "(?x"})
        if (expression.find(unlike) != expression.npos) throw TooMuch();
    try {
        static_cast<void>(compiled_pattern(expression, ""));
    } catch (const Error&) {
        throw TooMuch();
    }
    return expression;
}

/// A function of one name: what its parameter is called, and what it yields.
struct Function {
    std::string parameter;
    Json body;
};

Function function(std::string_view tree)
{
    const auto lambda = Json::parse(tree);
    if (!is(lambda, "Lambda") || lambda["args"]["args"].size() != 1) throw TooMuch();
    return {lambda["args"]["args"][0]["arg"], lambda["body"]};
}

/// `receiver.method(...)`.
bool is_method(const Json& call, const char* method)
{
    return is(call, "Call") && call["keywords"].empty() && is(call["func"], "Attribute")
        && call["func"]["attr"] == method;
}

bool is_of_re(const Json& call, const char* method)
{
    return is_method(call, method) && is(call["func"]["value"], "Name")
        && call["func"]["value"]["id"] == "re";
}

// ------------------------------------------------------------------------------ filters

/// Patterns with what they decide; the last that matches counts.
struct Chain {
    struct Item {
        std::string pattern;
        bool accepts;
    };
    std::vector<Item> items;
    bool otherwise = false;

    [[nodiscard]] bool only(bool verdict) const
    {
        return otherwise != verdict
            && std::ranges::all_of(items, [&](const Item& i) { return i.accepts == verdict; });
    }
};

Chain negated(Chain chain)
{
    for (auto& item : chain.items)
        item.accepts = !item.accepts;
    chain.otherwise = !chain.otherwise;
    return chain;
}

Chain appended(Chain chain, const Chain& more)
{
    chain.items.insert(chain.items.end(), more.items.begin(), more.items.end());
    return chain;
}

Chain either(const Chain& a, const Chain& b)
{
    if (b.only(true)) return appended(a, b);
    if (a.only(true)) return appended(b, a);
    throw TooMuch();
}

Chain matching(std::vector<std::string> patterns)
{
    Chain chain;
    for (auto& pattern : patterns)
        chain.items.push_back({std::move(pattern), true});
    return chain;
}

class FilterReader {
public:
    explicit FilterReader(std::string parameter) : parameter_(std::move(parameter)) { }

    /// What of the conditions that must all hold can be told as included and as excluded.
    FilterRules rules(const Json& body) const
    {
        Chain included {{}, true}, excluded;
        bool includes = false;
        for (const auto& part : conjuncts(body)) {
            const auto chain = read(part);
            if (chain.only(false))
                excluded = appended(excluded, negated(chain));
            else if (!includes)
                included = chain, includes = true;
            else
                throw TooMuch();
        }
        FilterRules rules;
        if (includes) rules.include = patterns(included);
        if (!excluded.items.empty()) rules.exclude = patterns(excluded);
        return rules;
    }

private:
    static std::vector<Json> conjuncts(const Json& node)
    {
        if (!is(node, "BoolOp") || node["op"] != "And") return {node};
        std::vector<Json> all;
        for (const auto& value : node["values"])
            for (auto& part : conjuncts(value))
                all.push_back(std::move(part));
        return all;
    }

    /// A list that begins with an exclusion accepts what nothing in it matches, any other does not.
    static std::vector<std::string> patterns(const Chain& chain)
    {
        std::vector<std::string> list;
        for (const auto& item : chain.items)
            list.push_back(concat(item.accepts ? "" : "!", item.pattern));
        const bool others = !list.empty() && list.front().starts_with('!');
        if (others != chain.otherwise || list.empty())
            list.insert(list.begin(), chain.otherwise ? "*" : "!*");
        return list;
    }

    Chain read(const Json& node) const
    {
        if (is(node, "BoolOp")) return read_logic(node);
        if (is(node, "UnaryOp") && node["op"] == "Not") return negated(read(node["operand"]));
        if (is(node, "IfExp"))
            return either(
                both(read(node["test"]), read(node["body"])),
                both(negated(read(node["test"])), read(node["orelse"])));
        if (is(node, "Compare")) return read_comparison(node);
        if (is(node, "Call")) return read_call(node);
        if (is(node, "Constant") && node["value"].is_boolean())
            return {{}, node["value"].get<bool>()};
        throw TooMuch();
    }

    static Chain both(const Chain& a, const Chain& b)
    {
        if (a.items.empty()) return a.otherwise ? b : a;
        if (b.items.empty()) return b.otherwise ? a : b;
        return negated(either(negated(a), negated(b)));
    }

    Chain read_logic(const Json& node) const
    {
        auto result = read(node["values"][0]);
        for (std::size_t i = 1; i < node["values"].size(); ++i) {
            const auto next = read(node["values"][i]);
            result = node["op"] == "Or" ? negated(both(negated(result), negated(next)))
                                        : both(result, next);
        }
        return result;
    }

    Chain read_comparison(const Json& node) const
    {
        if (node["ops"].size() != 1) throw TooMuch();
        const auto op = node["ops"][0].get<std::string>();
        const auto &left = node["left"], &right = node["comparators"][0];
        const bool negative = op == "NotIn" || op == "NotEq";
        Chain chain;
        if (op == "Eq" || op == "NotEq")
            chain = matching({exact(constant(is_name(left) ? right : other(left, right)))});
        else if (op == "In" || op == "NotIn")
            chain = is_name(left) ? names(right) : contains(constant(left), right);
        else if ((op == "Is" || op == "IsNot") && is(right, "Constant") && right["value"].is_null())
            return op == "Is" ? negated(read(left)) : read(left);
        else
            throw TooMuch();
        return negative ? negated(chain) : chain;
    }

    static Chain names(const Json& list)
    {
        auto patterns = constants(list);
        std::ranges::transform(patterns, patterns.begin(), exact);
        return matching(std::move(patterns));
    }

    const Json& other(const Json& left, const Json& right) const
    {
        if (!is_name(right)) throw TooMuch();
        return left;
    }

    Chain contains(const std::string& part, const Json& where) const
    {
        if (!is_name(where)) throw TooMuch();
        return matching(
            {is_plain(part) ? concat("*", part, "*") : concat("/", quoted_pattern(part), "/")});
    }

    Chain read_call(const Json& call) const
    {
        const auto& arguments = call["args"];
        if (is_of_re(call, "search") || is_of_re(call, "match")) {
            if (arguments.size() != 2 || !is_name(arguments[1])) throw TooMuch();
            const auto expression = checked(constant(arguments[0]));
            if (is_of_re(call, "search")) return matching({concat("/", expression, "/")});
            return matching({concat("/^(?:", expression, ")/")});
        }
        const bool starts = is_method(call, "startswith"), ends = is_method(call, "endswith");
        if ((!starts && !ends) || arguments.size() != 1 || !is_name(call["func"]["value"]))
            throw TooMuch();
        std::vector<std::string> patterns;
        const auto& what = arguments[0];
        for (const auto& text : is(what, "Tuple") ? constants(what) : std::vector {constant(what)})
            patterns.push_back(starts ? beginning(text) : ending(text));
        return matching(std::move(patterns));
    }

    static std::string beginning(const std::string& text)
    {
        return is_plain(text) ? concat(text, "*") : concat("/^", quoted_pattern(text), "/");
    }

    static std::string ending(const std::string& text)
    {
        return is_plain(text) ? concat("*", text) : concat("/", quoted_pattern(text), "$/");
    }

    bool is_name(const Json& node) const { return is(node, "Name") && node["id"] == parameter_; }

    std::string parameter_;
};

// ------------------------------------------------------------------------------ names

/// What Python writes for a group, as rules do.
std::string rewrite(const std::string& text)
{
    if (text.find("\\g") != text.npos || text.find("\\0") != text.npos) throw TooMuch();
    return text;
}

std::string without_groups(const std::string& text)
{
    std::string result;
    for (const char c : text)
        result += c == '\\' ? std::string("\\\\") : std::string {c};
    return result;
}

class RenameReader {
public:
    explicit RenameReader(std::string parameter) : parameter_(std::move(parameter)) { }

    Mappings read(const Json& node) const
    {
        if (is_name(node)) return {};
        if (is(node, "IfExp")) return read_condition(node);
        if (is(node, "BinOp") && node["op"] == "Add") return read_sum(node);
        if (is_of_re(node, "sub")) return read_substitution(node["args"]);
        if (is_method(node, "replace")) return read_replacement(node);
        if (is_method(node, "get")) return read_lookup(node);
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

    Mappings read_substitution(const Json& arguments) const
    {
        if (arguments.size() != 3) throw TooMuch();
        const auto expression = checked(constant(arguments[0]));
        const bool anchored = expression.starts_with('^');
        // An expression that matches nothing at all is replaced elsewhere by RE2 than by Python.
        if (!anchored && FolderPatterns({concat("/^(?:", expression, ")$/")}, "").matches(""))
            throw TooMuch();
        return then(
            read(arguments[2]), concat("/", expression, "/"), rewrite(constant(arguments[1])));
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

    Mappings read_sum(const Json& sum) const
    {
        const bool before = is(sum["left"], "Constant");
        const auto text = constant(before ? sum["left"] : sum["right"]);
        return then(
            read(before ? sum["right"] : sum["left"]), before ? "/^/" : "/$/",
            without_groups(text));
    }

    /// `{...}.get(f, otherwise)`.
    Mappings read_lookup(const Json& call) const
    {
        const auto &arguments = call["args"], &dictionary = call["func"]["value"];
        if (arguments.size() != 2 || !is_name(arguments[0]) || !is(dictionary, "Dict"))
            throw TooMuch();
        std::vector<std::pair<std::string, std::string>> names;
        for (std::size_t i = 0; i < dictionary["keys"].size(); ++i)
            names.emplace_back(constant(dictionary["keys"][i]), constant(dictionary["values"][i]));
        return first_of(names, read(arguments[1]));
    }

    /// `'new' if f == 'old' else otherwise`, and the like with a list.
    Mappings read_condition(const Json& node) const
    {
        const auto& test = node["test"];
        if (!is(test, "Compare") || test["ops"].size() != 1 || !is_name(test["left"]))
            throw TooMuch();
        const auto op = test["ops"][0].get<std::string>();
        const auto& right = test["comparators"][0];
        const bool one = op == "Eq" || op == "NotEq";
        if (!one && op != "In" && op != "NotIn") throw TooMuch();
        const auto listed = one ? std::vector {constant(right)} : constants(right);
        const bool positive = op == "Eq" || op == "In";
        const auto& value = node[positive ? "body" : "orelse"];
        std::vector<std::pair<std::string, std::string>> names;
        for (const auto& name : listed)
            names.emplace_back(name, value_for(name, value));
        return first_of(names, read(node[positive ? "orelse" : "body"]));
    }

    std::string value_for(const std::string& name, const Json& value) const
    {
        if (is(value, "Constant")) return constant(value);
        return FolderRenames(read(value), "").renamed(name);
    }

    /// A step for these names, before the others; the later steps must leave the new names alone.
    static Mappings
    first_of(const std::vector<std::pair<std::string, std::string>>& names, Mappings others)
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

    bool is_name(const Json& node) const { return is(node, "Name") && node["id"] == parameter_; }

    std::string parameter_;
};

}  // namespace

std::optional<FilterRules> filter_rules(std::string_view syntax_tree)
{
    try {
        const auto [parameter, body] = function(syntax_tree);
        return FilterReader(parameter).rules(body);
    } catch (const TooMuch&) {
        return std::nullopt;
    }
}

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
