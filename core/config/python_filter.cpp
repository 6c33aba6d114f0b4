// SPDX-License-Identifier: Apache-2.0
#include "folder_patterns.hpp"
#include "python_rules.hpp"
#include "python_tree.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <utility>

namespace offlineimap::core {

namespace {

using namespace python;

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
    if (a.items.empty()) return a.otherwise ? a : b;
    if (b.items.empty()) return b.otherwise ? b : a;
    if (b.only(true)) return appended(a, b);
    if (a.only(true)) return appended(b, a);
    throw TooMuch();
}

Chain both(const Chain& a, const Chain& b)
{
    return negated(either(negated(a), negated(b)));
}

Chain matching(std::vector<std::string> patterns)
{
    Chain chain;
    for (auto& pattern : patterns)
        chain.items.push_back({std::move(pattern), true});
    return chain;
}

/// What is compared: the name, or the name in letters of one case.
enum class Letters { as_they_are, lower, upper };

/// A text that is looked for in a name.
struct Text {
    std::string text;
    Letters letters = Letters::as_they_are;

    /// The name has no letters of the other case then.
    [[nodiscard]] bool can_match() const
    {
        return letters == Letters::as_they_are || std::ranges::none_of(text, [&](char c) {
                   return letters == Letters::lower ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z';
               });
    }
    [[nodiscard]] bool is_plain() const
    {
        return letters == Letters::as_they_are && text.find_first_of("*?") == std::string::npos;
    }
    [[nodiscard]] std::string quoted() const
    {
        if (letters == Letters::as_they_are) return quoted_pattern(text);
        const bool ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
        if (!ascii) throw TooMuch();
        return concat("(?i:", quoted_pattern(text), ")");
    }
};

std::string exact(const Text& name)
{
    const bool plain = name.is_plain() && !name.text.empty() && name.text[0] != '!'
        && !regular_expression(name.text);
    return plain ? name.text : concat("/^", name.quoted(), "$/");
}

std::string beginning(const Text& text)
{
    const bool plain = text.is_plain() && !text.text.starts_with('!');
    return plain ? text.text + "*" : concat("/^", text.quoted(), "/");
}

std::string ending(const Text& text)
{
    return text.is_plain() ? "*" + text.text : concat("/", text.quoted(), "$/");
}

std::string anywhere(const Text& text)
{
    return text.is_plain() ? concat("*", text.text, "*") : concat("/", text.quoted(), "/");
}

template <class Form>
Chain matching_texts(const std::vector<std::string>& texts, Letters letters, Form form)
{
    std::vector<std::string> patterns;
    for (const auto& text : texts)
        if (const Text wanted {text, letters}; wanted.can_match()) patterns.push_back(form(wanted));
    return matching(std::move(patterns));
}

bool has_capitals(const std::string& expression)
{
    for (std::size_t i = 0; i < expression.size(); ++i)
        if (expression[i] == '\\')
            ++i;
        else if (expression[i] >= 'A' && expression[i] <= 'Z')
            return true;
    return false;
}

/// `(?!...)` in front of nothing: what is not to stand at the beginning of a name; "" = no such.
std::string refused_beginning(const Search& search)
{
    auto text = search.pattern.text;
    if (text.starts_with('^'))
        text.erase(0, 1);
    else if (search.where != Search::Where::at_start)
        return {};
    for (const std::string_view rest : {".*$", ".*"})
        if (text.ends_with(rest)) {
            text.erase(text.size() - rest.size());
            break;
        }
    if (!text.starts_with("(?!") || !text.ends_with(')')) return {};
    text = text.substr(3, text.size() - 4);
    // Nothing that could close the group before its end.
    return text.find_first_of("()[\\") == std::string::npos ? text : std::string();
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
        if (is(node, "BoolOp")) return read_all(node["values"], node["op"] == "And");
        if (is(node, "UnaryOp") && node["op"] == "Not") return negated(read(node["operand"]));
        if (is(node, "IfExp")) return read_condition(node);
        if (is(node, "Compare")) return read_comparison(node);
        if (is(node, "Call")) return read_call(node);
        if (is(node, "Constant")) return {{}, is_true(node["value"])};
        throw TooMuch();
    }

    static bool is_true(const Json& constant)
    {
        if (constant.is_boolean()) return constant.get<bool>();
        if (constant.is_number()) return constant.get<double>() != 0;
        if (constant.is_string()) return !constant.get<std::string>().empty();
        if (constant.is_null()) return false;
        throw TooMuch();
    }

    Chain read_condition(const Json& node) const
    {
        const auto test = read(node["test"]);
        return either(both(test, read(node["body"])), both(negated(test), read(node["orelse"])));
    }

    Chain read_all(const Json& parts, bool together) const
    {
        Chain result {{}, together};
        for (const auto& part : parts)
            result = together ? both(result, read(part)) : either(result, read(part));
        return result;
    }

    Chain read_comparison(const Json& node) const
    {
        if (node["ops"].size() != 1) throw TooMuch();
        const auto op = node["ops"][0].get<std::string>();
        const auto &left = node["left"], &right = node["comparators"][0];
        if (op == "Eq") return equal(left, right);
        if (op == "NotEq") return negated(equal(left, right));
        if (op == "In") return contained(left, right);
        if (op == "NotIn") return negated(contained(left, right));
        if ((op == "Is" || op == "IsNot") && is(right, "Constant") && right["value"].is_null()
            && search(left))
            return op == "Is" ? negated(read(left)) : read(left);
        return found_at(left, op, whole_number(right));
    }

    Chain equal(const Json& left, const Json& right) const
    {
        const bool none = is(right, "Constant") && right["value"].is_null();
        if (none && search(left)) return negated(read(left));
        if (is_method(left, "find")) return found_at(left, "Eq", whole_number(right));
        const auto letters = subject(left);
        return matching_texts(
            {constant(letters ? right : left)}, letters ? *letters : needed_subject(right), exact);
    }

    Chain contained(const Json& left, const Json& right) const
    {
        if (const auto letters = subject(left))
            return matching_texts(constants(right), *letters, exact);
        return matching_texts({constant(left)}, needed_subject(right), anywhere);
    }

    /// `f.find('x') >= 0` and its like.
    Chain found_at(const Json& call, std::string_view op, std::optional<long> at) const
    {
        if (!is_method(call, "find") || call["args"].size() != 1 || !at) throw TooMuch();
        const auto letters = needed_subject(call["func"]["value"]);
        const std::vector texts {constant(call["args"][0])};
        if (op == "Eq" && *at == 0) return matching_texts(texts, letters, beginning);
        auto found = matching_texts(texts, letters, anywhere);
        const bool is_there =
            (op == "NotEq" && *at == -1) || (op == "GtE" && *at == 0) || (op == "Gt" && *at == -1);
        if (is_there) return found;
        if ((op == "Eq" && *at == -1) || (op == "Lt" && *at == 0)) return negated(found);
        throw TooMuch();
    }

    Chain read_call(const Json& call) const
    {
        if (const auto found = search(call)) return read_search(*found);
        const auto& function = call["func"];
        if (is(function, "Name")) return read_builtin(call, function["id"].get<std::string>());
        const bool starts = is_method(call, "startswith"), ends = is_method(call, "endswith");
        if ((!starts && !ends) || call["args"].size() != 1) throw TooMuch();
        const auto& what = call["args"][0];
        const auto texts = is(what, "Tuple") ? constants(what) : std::vector {constant(what)};
        return matching_texts(
            texts, needed_subject(function["value"]), starts ? beginning : ending);
    }

    Chain read_search(const Search& search) const
    {
        if (const auto refused = refused_beginning(search); !refused.empty()) {
            auto inside = search;
            inside.where = Search::Where::at_start;
            inside.pattern.text = refused;
            return negated(read_search(inside));
        }
        auto pattern = search.pattern;
        const auto letters = needed_subject(search.subject);
        if (letters != Letters::as_they_are) {
            if (letters == Letters::upper || has_capitals(pattern.text)) throw TooMuch();
            pattern.ignores_case = true;
        }
        const auto expression = pattern.for_re2();
        using enum Search::Where;
        if (search.where == anywhere) return matching({concat("/", expression, "/")});
        return matching({concat("/^(?:", expression, search.where == whole ? ")$/" : ")/")});
    }

    /// `bool(...)`, and `any(... for x in [...])` or `all`, each item put in.
    Chain read_builtin(const Json& call, const std::string& name) const
    {
        if (call["args"].size() != 1 || !call["keywords"].empty()) throw TooMuch();
        const auto& items = call["args"][0];
        if (name == "bool") return read(items);
        if (name != "any" && name != "all") throw TooMuch();
        if (is(items, "List") || is(items, "Tuple")) return read_all(items["elts"], name == "all");
        if ((!is(items, "GeneratorExp") && !is(items, "ListComp"))
            || items["generators"].size() != 1)
            throw TooMuch();
        const auto& loop = items["generators"][0];
        if (!loop["ifs"].empty() || !is(loop["target"], "Name")) throw TooMuch();
        const auto& list = loop["iter"];
        static_cast<void>(constants(list));
        auto parts = Json::array();
        for (const auto& item : list[is(list, "Dict") ? "keys" : "elts"])
            parts.push_back(replaced(items["elt"], loop["target"]["id"], item));
        return read_all(parts, name == "all");
    }

    bool is_name(const Json& node) const { return is(node, "Name") && node["id"] == parameter_; }

    /// nullopt: something else than the name.
    std::optional<Letters> subject(const Json& node) const
    {
        if (is_name(node)) return Letters::as_they_are;
        for (const auto& [method, letters] :
             {std::pair("lower", Letters::lower), std::pair("upper", Letters::upper)})
            if (is_method(node, method) && node["args"].empty() && is_name(node["func"]["value"]))
                return letters;
        return std::nullopt;
    }

    Letters needed_subject(const Json& node) const
    {
        const auto letters = subject(node);
        if (!letters) throw TooMuch();
        return *letters;
    }

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

}  // namespace offlineimap::core
