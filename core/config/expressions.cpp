// SPDX-License-Identifier: Apache-2.0
#include "expressions.hpp"

#include "literal.hpp"

#include "core/text/strings.hpp"

#include <utility>

namespace offlineimap::core {

namespace {

std::string name_of(const Place& at)
{
    return place(at.section, at.option, at.value.where);
}

Script& needed(Script* script, const Place& at)
{
    if (script != nullptr) return *script;
    throw Error(
        Errc::config,
        concat(
            name_of(at),
            ": is a Python expression, which needs the script-python plugin; it is not installed; "
            "install it, or write a configuration in YAML, which needs no Python"));
}

[[noreturn]] void wrong_type(const Place& at, std::string_view expected)
{
    throw Error(Errc::config, concat(name_of(at), ": the expression must yield ", expected));
}

}  // namespace

bool is_expression(
    Syntax syntax, SectionKind section, std::string_view option, const Value& value) noexcept
{
    if (value.is_python) return true;
    return syntax == Syntax::rc && find_expression_option(section, option) != nullptr;
}

offlineimap::Value evaluate(const Place& at, Script* script)
{
    if (auto constant = python_literal(at.value.text)) return std::move(*constant);
    return compile(at, script)->evaluate({});
}

std::unique_ptr<Expression> compile(const Place& at, Script* script)
{
    return needed(script, at).compile(at.value.text, name_of(at));
}

std::string text_of(const offlineimap::Value& value, const Place& at)
{
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    wrong_type(at, "a text");
}

std::string without_line_end(std::string text)
{
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

std::vector<std::string> list_of(const offlineimap::Value& value, const Place& at)
{
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
    if (std::holds_alternative<std::monostate>(value)) return {};
    wrong_type(at, "a list of texts");
}

bool is_true(const offlineimap::Value& value)
{
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number != 0;
    if (const auto* decimal = std::get_if<double>(&value)) return *decimal != 0;
    if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return !list->empty();
    return false;
}

}  // namespace offlineimap::core
