// SPDX-License-Identifier: Apache-2.0
#include "host_services.hpp"

#include "core/text/strings.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/stat.h>

namespace offlineimap::core {

namespace fs = std::filesystem;

namespace {

/// With everything above it, for the user alone.
void make_private_directory(const fs::path& path)
{
    if (path.empty() || fs::is_directory(path)) return;
    if (path.has_parent_path() && path.parent_path() != path)
        make_private_directory(path.parent_path());
    if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return;
    throw Error(
        Errc::io, Scope::repository, Retry::never,
        concat("create ", path.string(), ": ", std::generic_category().message(errno)));
}

}  // namespace

HostServices::HostServices(const Settings& settings, EventBus& bus, HostContext context)
    : settings_(settings), bus_(bus), context_(std::move(context))
{
}

void HostServices::log(Level level, std::string_view text) noexcept
{
    if (!logs(level)) return;
    try {
        const auto& owner = context_.repository.empty() ? context_.account : context_.repository;
        const auto line = concat(owner, owner.empty() ? "" : ": ", text);
        Event event;
        event.kind = EventKind::log;
        event.level = level;
        event.account = context_.account;
        event.repository = context_.repository;
        event.text = line;
        bus_.post(event);
    } catch (const std::exception&) {
        return;  // no memory for a line of a log: the work is more important
    }
}

std::string HostServices::secret(std::string_view option, std::string_view reason, bool fresh)
{
    if (context_.secret) {
        auto secret = context_.secret(option, reason, fresh);
        bus_.withhold(secret);
        return secret;
    }
    throw Error(Errc::auth, concat("ask for ", option, ": nobody here can answer"));
}

bool HostServices::confirm(std::string_view question, bool otherwise)
{
    return context_.confirm ? context_.confirm(question, otherwise)
                            : bus_.confirm(question, otherwise);
}

void HostServices::withhold(std::string_view secret) noexcept
{
    try {
        bus_.withhold(secret);
    } catch (const std::exception&) {
        return;  // no memory for it, and so none for the texts that might show it
    }
}

void HostServices::trace(
    std::string_view what, std::chrono::steady_clock::time_point begin) noexcept
{
    if (context_.tracer == nullptr) return;
    context_.tracer->span(
        context_.repository.empty() ? context_.account : context_.repository, what, begin);
}

fs::path HostServices::state_dir() const
{
    make_private_directory(context_.state_dir);
    return context_.state_dir;
}

}  // namespace offlineimap::core
