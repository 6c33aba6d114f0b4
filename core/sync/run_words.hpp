// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_plan.hpp"
#include "context.hpp"

namespace offlineimap::sync {

/// What a run says of itself on the way.
void say_begin(const SyncContext& context, PairIndex pair);
void say_listed(const SyncContext& context, PairIndex pair, Side side, const Listing& listing);
/// `rehearsed`: what a dry run found to do.
void say_summary(const SyncContext& context, const AccountPlan& rehearsed);
/// What a dry run would do; of the folders that it would make it was said already.
void say_planned(const SyncContext& context, const AccountPlan& plan);

/// Says what folders do not take, and takes it out of the plan. It is done when they do: their
/// tokens stay the old ones.
void say_refused(SyncContext& context, Plan& plan);

}  // namespace offlineimap::sync
