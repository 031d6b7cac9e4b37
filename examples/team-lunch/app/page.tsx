'use client'
import _ from 'lodash'
import { useEffect, useState } from 'react'
import { supabase } from '../lib/supabase'

export default function Page() {
  const [orders, setOrders] = useState<any[]>([])
  useEffect(() => {
    supabase.from('orders').select('*').then(({ data }) => setOrders(_.sortBy(data ?? [], 'dish')))
  }, [])
  return (
    <main>
      <h1>What does everybody want for lunch?</h1>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>{order.dish}</li>
        ))}
      </ul>
    </main>
  )
}
