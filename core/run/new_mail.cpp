// SPDX-License-Identifier: Apache-2.0
#include "new_mail.hpp"

#include "core/config/expressions.hpp"
#include "core/process/command.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/facets.hpp>

namespace offlineimap::core {
namespace {

/// The hook takes no argument: its call is a plain expression.
std::unique_ptr<Expression>
call_of(const RepositorySettings& repository, Syntax syntax, Script* script)
{
    const auto* hook = repository.section->find("newmail_hook");
    if (hook == nullptr || !is_expression(syntax, SectionKind::repository, "newmail_hook", *hook))
        return nullptr;
    Value call = *hook;
    call.text = concat("(", call.text, "\n)()");
    return compile({*repository.section, "newmail_hook", call}, script);
}

std::vector<std::filesystem::path>
files_of(const std::vector<MessageRef>& messages, sync::SessionPool& sessions)
{
    const auto session = sessions.take();
    auto* files = static_cast<MessageFiles*>(session->facet(MessageFiles::facet_name));
    return files == nullptr ? std::vector<std::filesystem::path>() : files->files(messages);
}

std::vector<MessageRef> stored_from(sync::Side from, const std::vector<sync::NewMail>& messages)
{
    std::vector<MessageRef> stored;
    for (const auto& message : messages)
        if (message.from == from) stored.push_back(message.stored);
    return stored;
}

}  // namespace

NewMailHook::NewMailHook(const Program& program, const AccountSettings& account)
    : program_(program), account_(account)
{
    const auto syntax = program.config.syntax;
    functions_.left = call_of(account.local, syntax, program.script);
    functions_.right = call_of(account.remote, syntax, program.script);
}

void NewMailHook::call(
    const std::vector<sync::NewMail>& messages, const sync::Both<sync::SessionPool*>& sessions)
{
    for (const auto from : sync::both_sides) {
        const auto stored = stored_from(from, messages);
        if (stored.empty()) continue;
        const auto& source = from == sync::Side::left ? account_.local : account_.remote;
        if (functions_[from])
            static_cast<void>(functions_[from]->evaluate({}));
        else
            run_command(source.newmail_hook, from, stored, *sessions[sync::other(from)]);
    }
}

void NewMailHook::run_command(
    const std::string& command, sync::Side from, const std::vector<MessageRef>& stored,
    sync::SessionPool& sessions)
{
    const auto& source = from == sync::Side::left ? account_.local : account_.remote;
    Command call;
    call.text = command;
    call.environment = {
        {"OFFLINEIMAP_ACCOUNT", account_.name},
        {"OFFLINEIMAP_REPOSITORY", source.name},
        {"OFFLINEIMAP_NEW_MAIL", std::to_string(stored.size())}};
    for (const auto& file : files_of(stored, sessions))
        if (!file.empty()) call.input += file.string() + "\n";
    call.cancel = &program_.stop.now();
    const auto result = core::run_command(call);
    for (const auto line : split(trimmed(result.output), '\n'))
        if (!line.empty()) program_.bus.log(Level::info, concat("newmail_hook: ", line));
    if (result.exit_code != 0)
        program_.bus.log(
            Level::warning,
            concat(
                "account ", account_.name, ": newmail_hook ended with code ",
                std::to_string(result.exit_code)));
}

}  // namespace offlineimap::core
