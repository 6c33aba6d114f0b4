// SPDX-License-Identifier: Apache-2.0
#include "python_script.hpp"

#include "values.hpp"

namespace offlineimap::script_python {
namespace {

class PythonExpression final : public Expression, public Ordering {
public:
    PythonExpression(std::string where, py::object made)
        : where_(std::move(where)), made_(std::move(made))
    {
    }

    Value evaluate(std::span<const Value> arguments) override
    {
        return with_python(
            where_, [&] { return from_python((*made_).attr("evaluate")(to_list(arguments))); });
    }

    std::vector<std::size_t> by_key(std::span<const Fields> items) override
    {
        return with_python(
            where_, [&] { return positions((*made_).attr("order_by_key")(to_list(items))); });
    }

    std::vector<std::size_t> by_comparison(std::span<const std::string> items) override
    {
        return with_python(where_, [&] {
            return positions((*made_).attr("order_by_comparison")(to_list(items)));
        });
    }

    void* facet(std::string_view name) noexcept override
    {
        return name == Ordering::facet_name ? static_cast<Ordering*>(this) : nullptr;
    }

private:
    std::string where_;
    Held made_;  ///< support.py's Expression
};

}  // namespace

PythonScript::PythonScript(Host& host) : host_(host) { }

PythonScript::~PythonScript()
{
    if (!names_) return;
    try {
        with_python("", [] { support()["flush"](); });
    } catch (const std::exception&) {
        return;  // functions that the user left for the end of the program; it ends anyway
    }
}

const py::object& PythonScript::names()
{
    std::call_once(started_, [this] {
        const auto& from = support();
        const auto path = host_.settings().text("pythonfile");
        const auto place = host_.settings().where("pythonfile") + ": [general] pythonfile";
        with_python(
            "", [&] { names_.emplace(from["Namespace"](to_python(path), to_python(place))); });
    });
    return **names_;
}

std::unique_ptr<Expression> PythonScript::compile(std::string_view source, std::string_view where)
{
    const auto& seen = names();
    return with_python(where, [&] {
        return std::make_unique<PythonExpression>(
            std::string(where), support()["Expression"](to_python(source), seen));
    });
}

std::string PythonScript::syntax_tree(std::string_view source, std::string_view where)
{
    const auto& seen = names();
    return with_python(
        where, [&] { return text_of(support()["syntax_tree"](to_python(source), seen)); });
}

void* PythonScript::facet(std::string_view name) noexcept
{
    return name == SyntaxReader::facet_name ? static_cast<SyntaxReader*>(this) : nullptr;
}

}  // namespace offlineimap::script_python
