/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The U74s of the JH7110 beside an image for the S7: the same map. */
#pragma once

#include "../jh7110/memory_map.h"
