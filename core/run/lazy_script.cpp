// SPDX-License-Identifier: Apache-2.0
#include "lazy_script.hpp"

#include "core/process/interruptible.hpp"
#include "core/text/strings.hpp"

namespace offlineimap::core {
namespace {

class InterruptibleExpression final : public Expression {
public:
    InterruptibleExpression(std::shared_ptr<Expression> expression, const Cancel& cancel)
        : expression_(std::move(expression)), cancel_(cancel)
    {
    }

    offlineimap::Value evaluate(std::span<const offlineimap::Value> arguments) override
    {
        std::vector<offlineimap::Value> values(arguments.begin(), arguments.end());
        return interruptible(&cancel_, [expression = expression_, values = std::move(values)] {
            return expression->evaluate(values);
        });
    }

    void* facet(std::string_view name) noexcept override { return expression_->facet(name); }

private:
    std::shared_ptr<Expression> expression_;
    const Cancel& cancel_;
};

}  // namespace

LazyScript::LazyScript(
    const Config& config, const PluginLoader& loader, EventBus& bus, const Cancel& cancel)
    : config_(config), loader_(loader), bus_(bus), cancel_(cancel)
{
}

std::shared_ptr<LazyScript::Instance> LazyScript::instance()
{
    const std::lock_guard lock(mutex_);
    if (instance_) return instance_;
    const Component& component = loader_.find(Kind::script, "python");
    SettingsSource source;
    source.chain = {&config_.general};
    source.syntax = config_.syntax;
    source.kind = SectionKind::general;
    source.unknown_options = UnknownOptions::pass_over;
    instance_ = std::make_shared<Instance>(
        component,
        std::make_unique<SectionSettings>(
            std::span(component.options, component.option_count), source),
        bus_, HostContext());
    return instance_;
}

std::unique_ptr<Expression> LazyScript::compile(std::string_view source, std::string_view where)
{
    std::shared_ptr<Instance> script;
    try {
        script = instance();
    } catch (const Error& error) {
        throw Error(
            error.code(),
            concat(
                where, ": is a Python expression, and ", error.what(),
                "; or write a configuration in YAML, which needs no Python"));
    }
    std::shared_ptr<Expression> made =
        interruptible(&cancel_, [script, text = std::string(source), place = std::string(where)] {
            return std::shared_ptr<Expression>((**script).compile(text, place));
        });
    return std::make_unique<InterruptibleExpression>(std::move(made), cancel_);
}

void* LazyScript::facet(std::string_view name) noexcept
{
    try {
        return (**instance()).facet(name);
    } catch (const std::exception&) {
        return nullptr;
    }
}

}  // namespace offlineimap::core
