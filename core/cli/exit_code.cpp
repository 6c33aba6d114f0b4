// SPDX-License-Identifier: Apache-2.0
#include "exit_code.hpp"

#include <algorithm>
#include <iterator>

namespace offlineimap::core {

namespace {

struct Row {
    Errc error;
    ExitCode code;
};

// What is not here is incomplete: one more folder or message that could not be synchronised.
constexpr Row rows[] {
    {Errc::cancelled, ExitCode::interrupted},
    {Errc::config, ExitCode::configuration},
    {Errc::auth, ExitCode::authentication},
    {Errc::tls, ExitCode::network},
    {Errc::network, ExitCode::network},
    {Errc::timeout, ExitCode::network},
    {Errc::unavailable, ExitCode::network},
    {Errc::busy, ExitCode::locked},
    {Errc::epoch_changed, ExitCode::epoch_changed},
    {Errc::stopped, ExitCode::stopped_by_guard},
};

constexpr ExitCode from_best_to_worst[] {ExitCode::success,       ExitCode::epoch_changed,
                                         ExitCode::incomplete,    ExitCode::locked,
                                         ExitCode::network,       ExitCode::authentication,
                                         ExitCode::configuration, ExitCode::stopped_by_guard,
                                         ExitCode::interrupted,   ExitCode::terminated};

}  // namespace

ExitCode exit_code(Errc code) noexcept
{
    const auto* const row = std::ranges::find(rows, code, &Row::error);
    return row == std::end(rows) ? ExitCode::incomplete : row->code;
}

ExitCode exit_code(const Error& error) noexcept
{
    const auto code = exit_code(error.code());
    const bool is_small = error.scope() <= Scope::folder;
    const bool speaks_of_folders =
        code == ExitCode::epoch_changed || code == ExitCode::stopped_by_guard;
    return is_small && !speaks_of_folders ? ExitCode::incomplete : code;
}

ExitCode worst_of(ExitCode a, ExitCode b) noexcept
{
    const auto* const of_a = std::ranges::find(from_best_to_worst, a);
    const auto* const of_b = std::ranges::find(from_best_to_worst, b);
    return of_a < of_b ? b : a;
}

}  // namespace offlineimap::core
