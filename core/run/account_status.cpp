// SPDX-License-Identifier: Apache-2.0
#include "account_status.hpp"

#include "status_takeover.hpp"

namespace offlineimap::core {

AccountStatus::AccountStatus(const Program& program, const AccountSettings& account)
    : program_(program), account_(account)
{
    // First, so that a name that nothing answers to is the error that it is.
    static_cast<void>(program.loader.find(Kind::status, account.status_backend));
    const StatusPlace place {
        .configured = account.status_backend,
        .history = program.general.metadata / ("Account-" + account.name) / "LocalStatus-history",
        .open = [this](std::string_view type) { return open_if_there(type); },
        .log = [this](Level level, std::string_view text) { program_.bus.log(level, text); },
        .cancel = program.stop.now(),
        .dry_run = program.general.dry_run};
    const std::string type = take_over_status(place);
    store_ = &open(type);
    // Nothing is kept open that the run does not use.
    std::erase_if(open_, [&](const auto& entry) { return entry.first != type; });
}

StatusStore& AccountStatus::open(std::string_view type)
{
    if (const auto known = open_.find(type); known != open_.end()) return **known->second;
    const Component& component = program_.loader.find(Kind::status, type);
    const auto source = status_source(program_.config, account_, program_.script);
    HostContext context;
    context.tracer = program_.tracer;
    context.account = account_.name;
    context.state_dir = program_.general.metadata / ("Account-" + account_.name);
    auto made = std::make_unique<Instance>(
        component,
        std::make_unique<SectionSettings>(
            std::span(component.options, component.option_count), source),
        program_.bus, std::move(context));
    static_cast<void>(made->host().state_dir());
    return **open_.emplace(type, std::move(made)).first->second;
}

StatusStore* AccountStatus::open_if_there(std::string_view type)
{
    try {
        return &open(type);
    } catch (const Error& error) {
        if (error.code() != Errc::config) throw;
        return nullptr;
    }
}

}  // namespace offlineimap::core
