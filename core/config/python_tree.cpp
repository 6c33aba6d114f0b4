// SPDX-License-Identifier: Apache-2.0
#include "python_tree.hpp"

#include <utility>

namespace offlineimap::core::python {

namespace {

/// The expression, its flags and the other arguments of a function of re, or of a method of what
/// re.compile made.
struct ReCall {
    Pattern pattern;
    std::vector<Json> arguments;
};

bool ignores_case(const Json& flags)
{
    const bool of_re =
        is(flags, "Attribute") && is(flags["value"], "Name") && flags["value"]["id"] == "re";
    if (!of_re || (flags["attr"] != "I" && flags["attr"] != "IGNORECASE")) throw TooMuch();
    return true;
}

bool keyword_flags(const Json& call)
{
    bool flags = false;
    for (const auto& keyword : call["keywords"]) {
        if (keyword["arg"] != "flags") throw TooMuch();
        flags = ignores_case(keyword["value"]);
    }
    return flags;
}

bool is_call_of(const Json& call, const char* method)
{
    return is(call, "Call") && is(call["func"], "Attribute") && call["func"]["attr"] == method;
}

bool is_re(const Json& node)
{
    return is(node, "Name") && node["id"] == "re";
}

/// `wanted` arguments after the expression; one more is flags, where they may stand there.
std::optional<ReCall> re_call(const Json& call, const char* function, std::size_t wanted)
{
    if (!is_call_of(call, function)) return std::nullopt;
    const auto& receiver = call["func"]["value"];
    ReCall result;
    std::vector<Json> arguments = call["args"];
    if (is_call_of(receiver, "compile") && is_re(receiver["func"]["value"])) {
        const auto& made = receiver["args"];
        if (made.empty() || made.size() > 2 || !call["keywords"].empty()) throw TooMuch();
        result.pattern.text = constant(made[0]);
        result.pattern.ignores_case =
            made.size() == 2 ? ignores_case(made[1]) : keyword_flags(receiver);
    } else if (is_re(receiver)) {
        if (arguments.empty()) throw TooMuch();
        result.pattern.text = constant(arguments.front());
        arguments.erase(arguments.begin());
        result.pattern.ignores_case = keyword_flags(call);
        if (wanted == 1 && arguments.size() == 2) {
            result.pattern.ignores_case = ignores_case(arguments.back());
            arguments.pop_back();
        }
    } else {
        return std::nullopt;
    }
    if (arguments.size() != wanted) throw TooMuch();
    result.arguments = std::move(arguments);
    return result;
}

}  // namespace

bool is(const Json& node, const char* kind)
{
    return node.is_object() && node.value("node", "") == kind;
}

std::string constant(const Json& node)
{
    if (!is(node, "Constant") || !node["value"].is_string()) throw TooMuch();
    return node["value"].get<std::string>();
}

std::vector<std::string> constants(const Json& node)
{
    const bool list = is(node, "List") || is(node, "Tuple") || is(node, "Set");
    if (!list && !is(node, "Dict")) throw TooMuch();
    std::vector<std::string> texts;
    for (const auto& item : node[list ? "elts" : "keys"])
        texts.push_back(constant(item));
    return texts;
}

std::optional<long> whole_number(const Json& node)
{
    if (is(node, "UnaryOp") && node["op"] == "USub") {
        const auto positive = whole_number(node["operand"]);
        return positive ? std::optional(-*positive) : std::nullopt;
    }
    if (!is(node, "Constant") || !node["value"].is_number_integer()) return std::nullopt;
    return node["value"].get<long>();
}

Function function(std::string_view tree)
{
    const auto lambda = Json::parse(tree);
    if (!is(lambda, "Lambda") || lambda["args"]["args"].size() != 1) throw TooMuch();
    return {lambda["args"]["args"][0]["arg"], lambda["body"]};
}

Json replaced(Json node, const std::string& name, const Json& value)
{
    if (is(node, "Name") && node["id"] == name) return value;
    if (node.is_structured())
        for (auto& part : node)
            part = replaced(std::move(part), name, value);
    return node;
}

bool is_method(const Json& call, const char* method)
{
    return is_call_of(call, method) && call["keywords"].empty();
}

bool is_of_re(const Json& call, const char* function)
{
    return is_method(call, function) && is_re(call["func"]["value"]);
}

std::optional<Search> search(const Json& call)
{
    using enum Search::Where;
    for (const auto& [name, where] :
         {std::pair("search", anywhere), std::pair("match", at_start),
          std::pair("fullmatch", whole)})
        if (auto found = re_call(call, name, 1))
            return Search {where, std::move(found->pattern), std::move(found->arguments[0])};
    return std::nullopt;
}

std::optional<Substitution> substitution(const Json& call)
{
    auto found = re_call(call, "sub", 2);
    if (!found) return std::nullopt;
    return Substitution {
        std::move(found->pattern), constant(found->arguments[0]), std::move(found->arguments[1])};
}

}  // namespace offlineimap::core::python
